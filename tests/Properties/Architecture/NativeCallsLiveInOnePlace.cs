using System.Text.RegularExpressions;
using Xunit;

namespace Trainyard.Properties.Architecture;

public partial class NativeCallsLiveInOnePlace
{
    [Fact]
    public void Only_the_Linux_folder_imports_native_functions()
    {
        var root = Root();
        string[] exempt = [Folder("src", "Shell", "Linux"), Folder("bench", "limit"), Folder("tests")];
        var sources = new DirectoryInfo(root).EnumerateFiles("*.cs", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(root, file.FullName))
            .Where(static path => !path.Split(Path.DirectorySeparatorChar).Any(static part => part is "obj" or "bin"))
            .ToArray();
        Assert.Contains(sources, static path => path.StartsWith(Folder("src", "Core"), StringComparison.Ordinal));
        Assert.DoesNotContain(
            sources.Where(path => !exempt.Any(folder => path.StartsWith(folder, StringComparison.Ordinal))),
            path => NativeImport().IsMatch(File.ReadAllText(Path.Combine(root, path))));
    }

    [Theory]
    [InlineData("[DllImport(\"libc\")]", true)]
    [InlineData("[LibraryImport(\"libc\", SetLastError = true)]", true)]
    [InlineData("[System.Runtime.InteropServices.DllImportAttribute(\"c\")]", true)]
    [InlineData("import a library", false)]
    public void Both_kinds_of_import_are_recognised(string source, bool recognised) =>
        Assert.Equal(recognised, NativeImport().IsMatch(source));

    [GeneratedRegex(@"\b(DllImport|LibraryImport)(Attribute)?\b")]
    private static partial Regex NativeImport();

    private static string Folder(params string[] parts) => Path.Combine(parts) + Path.DirectorySeparatorChar;

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "Functional.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new InvalidOperationException("the tests do not run below the solution");
    }
}
