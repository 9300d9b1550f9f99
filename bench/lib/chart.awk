# A bar for each side of each scenario. Within a scenario the best one has the whole width, so that lengths compare speed, or thrift.
BEGIN { FS = "\t"; left = 230; width = 470; row = 16 }

{
    scenario = $1
    if (!(scenario in count)) { order[++scenarios] = scenario; title[scenario] = $5 }
    at = ++count[scenario]
    side[scenario, at] = $2; figure[scenario, at] = $4; unit[scenario] = $3
    speed[scenario, at] = $3 ~ /seconds|MiB/ ? 1 / $4 : $4
    if (speed[scenario, at] > best[scenario]) best[scenario] = speed[scenario, at]
    rows++
}

function text(value) {
    gsub(/&/, "\\&amp;", value)
    gsub(/</, "\\&lt;", value)
    return value
}

END {
    height = rows * row + scenarios * 34 + 20
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"820\" height=\"%d\" font-family=\"sans-serif\" font-size=\"11\">\n", height
    print "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>"
    y = 10
    for (s = 1; s <= scenarios; s++) {
        scenario = order[s]
        y += 24
        printf "<text x=\"10\" y=\"%d\" font-weight=\"bold\">%s, %s</text>\n", y, text(title[scenario]), unit[scenario]
        y += 10
        for (i = 1; i <= count[scenario]; i++) {
            length_ = width * speed[scenario, i] / best[scenario]
            printf "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>", left - 8, y + 9, text(side[scenario, i])
            printf "<rect x=\"%d\" y=\"%d\" width=\"%.0f\" height=\"11\" fill=\"%s\"/>", left, y, length_, i == 1 ? "#1f6f8b" : "#b8c4cc"
            shown = sprintf(figure[scenario, i] < 100 ? "%.3g" : "%.0f", figure[scenario, i])
            printf "<text x=\"%.0f\" y=\"%d\">%s</text>\n", left + length_ + 6, y + 9, shown
            y += row
        }
    }
    print "</svg>"
}
