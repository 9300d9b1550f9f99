using System.Text;
using System.Text.Json;
using Trainyard.Cli;
using Trainyard.Core.Textbook;
using Trainyard.Shell;

namespace Trainyard.Client;

/// <summary>
/// Where a command's words go: results to standard output (as text, or as lines of JSON), everything else to standard error. Thread-safe.
/// While a display has the terminal, both wait until it has gone.
/// </summary>
internal sealed class Report(bool isQuiet, bool isJson, bool isVerbose, bool outputIsTaken) : IDisposable
{
    private const int FlushAt = 64 * 1024;

    private readonly Lock _lock = new();
    private readonly Stream _output = outputIsTaken ? Console.OpenStandardError() : Console.OpenStandardOutput();
    private readonly bool _isTerminal = outputIsTaken ? !Console.IsErrorRedirected : !Console.IsOutputRedirected;
    private readonly MemoryStream _results = new();
    private readonly StringBuilder _remarks = new();
    private bool _isHeld;

    /// <summary>Whether results are JSON.</summary>
    public bool IsJson => isJson;

    /// <summary>Whether a display may use the terminal of standard error.</summary>
    public bool MayDisplay => !isQuiet && !isVerbose && !Console.IsErrorRedirected && !(outputIsTaken && !Console.IsOutputRedirected);

    /// <summary>One line of the result with a name in it: a terminal gets the name escaped, a program its bytes.</summary>
    public void Line(string before, ReadOnlySpan<byte> name, string behind)
    {
        if (!isQuiet)
            Write([.. Encoding.UTF8.GetBytes(before), .. _isTerminal ? Encoding.UTF8.GetBytes(SafeText.Of(name)) : name, .. Encoding.UTF8.GetBytes(behind)]);
    }

    /// <summary>One line of the result.</summary>
    public void Line(string text)
    {
        if (!isQuiet)
            Write(Encoding.UTF8.GetBytes(text));
    }

    /// <summary>Whether results stand on standard error, because standard output carries a file's bytes.</summary>
    public bool OutputIsTaken => outputIsTaken;

    /// <summary>A digest and the name it belongs to, as <c>md5sum</c> and its kin print and check them.</summary>
    public void Checksum(string digest, ReadOnlySpan<byte> name)
    {
        if (!isQuiet)
            Write(ChecksumLine.Of(digest, name, _isTerminal));
    }

    /// <summary>One line of JSON, an object of these fields.</summary>
    public void Json(Action<Utf8JsonWriter> fields) => Write(Encoding.UTF8.GetBytes(JsonLine.Of(fields)));

    /// <summary>What only the curious want to know.</summary>
    public void Note(string text)
    {
        if (isVerbose)
            Remark(text);
    }

    /// <summary>What a person at a terminal wants to know at the end.</summary>
    public void Summary(string text)
    {
        if (!isQuiet && !isJson && !Console.IsErrorRedirected)
            Remark(text);
    }

    /// <summary>What was left out on purpose, and why.</summary>
    public void Skipped(string text)
    {
        if (!isQuiet)
            Remark($"trainyard: {text}");
    }

    /// <summary>One of several things failed; the others go on.</summary>
    /// <param name="subject">What.</param>
    /// <param name="failure">Why.</param>
    public void Failed(string subject, TransferException failure)
    {
        Remark($"trainyard: {FailureText.Of(failure, subject)}");
        if (isJson)
            Json(writer => JsonLine.WriteFailure(writer, subject, failure));
    }

    /// <summary>Keeps everything back while a display has the terminal.</summary>
    public void Hold()
    {
        lock (_lock)
            _isHeld = true;
    }

    /// <summary>Lets out what was kept back.</summary>
    public void Release()
    {
        lock (_lock)
        {
            _isHeld = false;
            Flush();
        }
    }

    /// <summary>Prints what has not been printed yet.</summary>
    public void Flush()
    {
        lock (_lock)
        {
            if (_isHeld)
                return;
            _results.WriteTo(_output);
            _output.Flush();
            _results.SetLength(0);
            Console.Error.Write(_remarks);
            _remarks.Clear();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Release();
        _output.Dispose();
        _results.Dispose();
    }

    private void Write(ReadOnlySpan<byte> text)
    {
        lock (_lock)
        {
            _results.Write(text);
            _results.WriteByte((byte)'\n');
            if (_isTerminal || _results.Length >= FlushAt)
                Flush();
        }
    }

    private void Remark(string text)
    {
        lock (_lock)
        {
            _remarks.AppendLine(text);
            Flush();
        }
    }
}
