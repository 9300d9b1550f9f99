namespace Trainyard.Shell.Linux;

/// <summary>What an inode is (inode(7)). The values are the S_IFMT part of its mode.</summary>
internal enum FileType
{
    Unknown = 0,
    Pipe = 0x1000,
    CharacterDevice = 0x2000,
    Directory = 0x4000,
    BlockDevice = 0x6000,
    Regular = 0x8000,
    SymbolicLink = 0xA000,
    Socket = 0xC000,
}
