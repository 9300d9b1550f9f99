using System.Text;
using Trainyard.Integration.Support;
using Trainyard.Shell.Linux;
using Trainyard.Shell.Storage;
using Xunit;

namespace Trainyard.Integration.Storage;

/// <summary>Who has set a condition is alone with the names of a directory; the others share it.</summary>
public sealed class NameTurnTests : IDisposable
{
    private readonly TemporaryDirectory _directory = new();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_is_alone_is_alone(bool isAlone) => DescriptorLeak.Check(() =>
    {
        using var place = Place(".");
        using var other = _directory.Open();
        Assert.Equal(Errno.None, NameTurn.Begin(place, isAlone, out var turn));
        using (turn)
            Assert.Equal(isAlone ? Errno.WouldBlock : Errno.None, Libc.TryLock(other, exclusive: false));
        Assert.Equal(Errno.None, Libc.TryLock(other, exclusive: true));
    });

    [Theory]
    [InlineData("a", "a")]
    [InlineData("a", "b")]
    [InlineData("b", "a")]
    public void Two_directories_or_twice_the_same_one(string alone, string shared) => DescriptorLeak.Check(() =>
    {
        Directory.CreateDirectory(_directory["a"]);
        Directory.CreateDirectory(_directory["b"]);
        using var first = Place(alone);
        using var second = Place(shared);
        using var locked = Libc.Open(first, "."u8, OpenFlags.Directory).OrThrow("openat");
        Assert.Equal(Errno.None, NameTurn.Begin(first, second, isAlone: true, out var turns));
        using (turns.First)
        using (turns.Second)
            Assert.Equal(Errno.WouldBlock, Libc.TryLock(locked, exclusive: false));
        Assert.Equal(Errno.None, Libc.TryLock(locked, exclusive: true));
    });

    /// <inheritdoc/>
    public void Dispose() => _directory.Dispose();

    // Open as the store opens it, where no lock can be taken.
    private FileDescriptor Place(string name) =>
        Libc.Open(FileDescriptor.WorkingDirectory, Encoding.UTF8.GetBytes(_directory[name]), OpenFlags.Path | OpenFlags.Directory).OrThrow("openat");
}
