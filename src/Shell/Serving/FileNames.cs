using System.Text;
using LanguageExt;
using Trainyard.Core.Textbook;

namespace Trainyard.Shell.Serving;

/// <summary>Names of local files as the wire carries them.</summary>
internal static class FileNames
{
    /// <summary>The last component of a path, as bytes.</summary>
    public static Either<FileNameError, FileName> OfPath(string path) => FileName.Create(Encoding.UTF8.GetBytes(Path.GetFileName(path)));
}
