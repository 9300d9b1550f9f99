namespace Trainyard.Shell.Client.Native;

/// <summary>One entry of a tree that is downloaded.</summary>
/// <param name="Entry">What the server says of it.</param>
/// <param name="Path">Its path below the tree's root, in bytes.</param>
internal sealed record TreeItem(RemoteEntry Entry, byte[] Path)
{
    /// <summary>How often it arrived damaged.</summary>
    public int Damaged { get; set; }
}
