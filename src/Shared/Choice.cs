namespace Trainyard.Cli;

/// <summary>A value that a person chooses by a word; help shows the word.</summary>
/// <param name="Word">As it is written on the command line.</param>
/// <param name="Value">What it stands for; may be <c>null</c>, which the parser library cannot carry by itself.</param>
internal readonly record struct Choice<T>(string Word, T Value)
{
    /// <inheritdoc/>
    public override string ToString() => Word;
}
