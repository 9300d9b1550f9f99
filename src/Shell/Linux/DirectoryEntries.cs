using System.Buffers.Binary;

namespace Trainyard.Shell.Linux;

/// <summary>Walks over what <see cref="Libc.ReadDirectory"/> has read (struct linux_dirent64), without "." and "..".</summary>
internal ref struct DirectoryEntries
{
    private ReadOnlySpan<byte> _rest;

    /// <param name="read">The bytes that were read.</param>
    internal DirectoryEntries(ReadOnlySpan<byte> read) => _rest = read;

    /// <summary>The present entry's name. Valid as long as the bytes it was read to.</summary>
    internal ReadOnlySpan<byte> Name { get; private set; }

    /// <summary>What it is; <see cref="FileType.Unknown"/> where the file system does not say.</summary>
    internal FileType Type { get; private set; }

    /// <summary>Goes to the next entry.</summary>
    /// <returns>Whether there is one.</returns>
    internal bool MoveNext()
    {
        while (_rest.Length > Libc.EntryNameOffset)
        {
            var length = BinaryPrimitives.ReadUInt16LittleEndian(_rest[Libc.EntryLengthOffset..]);
            if (length <= Libc.EntryNameOffset || length > _rest.Length)
                return false;
            var name = _rest[Libc.EntryNameOffset..length];
            Name = name.IndexOf((byte)0) is >= 0 and var end ? name[..end] : name;
            // DT_* are the S_IFMT bits, shifted down.
            Type = (FileType)(_rest[Libc.EntryTypeOffset] << 12);
            _rest = _rest[length..];
            if (!Name.SequenceEqual("."u8) && !Name.SequenceEqual(".."u8))
                return true;
        }
        return false;
    }
}
