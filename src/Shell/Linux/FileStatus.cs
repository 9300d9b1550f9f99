namespace Trainyard.Shell.Linux;

/// <summary>What the file system knows about an inode, at one instant.</summary>
/// <param name="Type">What it is.</param>
/// <param name="Permissions">The low twelve bits of its mode, <c>0 ..= 0xFFF</c>.</param>
/// <param name="Owner">The user it belongs to.</param>
/// <param name="Size">Bytes.</param>
/// <param name="ModifiedNs">When its bytes changed last, nanoseconds since 1970.</param>
/// <param name="ChangedNs">When its bytes or attributes changed last, nanoseconds since 1970.</param>
/// <param name="Inode">Its number within the device.</param>
/// <param name="Device">The device's number, major in the upper half.</param>
internal readonly record struct FileStatus(
    FileType Type, int Permissions, uint Owner, long Size, long ModifiedNs, long ChangedNs, ulong Inode, ulong Device);
