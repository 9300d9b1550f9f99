namespace Trainyard.Integration.Support;

/// <summary>The server's program with all that it needs, in a directory where a test may put another one in its place.</summary>
internal sealed class ServerCopy
{
    public ServerCopy(TemporaryDirectory directory)
    {
        var target = directory.Sub("program");
        foreach (var file in Directory.EnumerateFiles(AppContext.BaseDirectory))
            if (System.IO.Path.GetExtension(file) is ".dll" or ".json" or "")
                File.Copy(file, System.IO.Path.Combine(target, System.IO.Path.GetFileName(file)));
        Path = System.IO.Path.Combine(target, System.IO.Path.GetFileName(Programs.Server));
    }

    /// <summary>The program.</summary>
    public string Path { get; }

    /// <summary>Puts a script in its place.</summary>
    public void Replace(string script) => Replace(System.Text.Encoding.ASCII.GetBytes(script));

    /// <summary>Puts the program back.</summary>
    public void Restore() => Replace(File.ReadAllBytes(Programs.Server));

    // As a package manager does it: a new file, renamed over the old one, which goes on running.
    private void Replace(byte[] content)
    {
        File.WriteAllBytes(Path + ".new", content);
        File.SetUnixFileMode(Path + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Move(Path + ".new", Path, overwrite: true);
    }
}
