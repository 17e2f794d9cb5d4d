namespace OpCollector.Storage;

/// <summary>What the kernel says of a file: its kind and rights, the number of the user it belongs to, and which one it is.</summary>
/// <param name="Inode">Its number on the device.</param>
internal readonly record struct FileStatus(int Mode, uint Owner, ulong Device, ulong Inode)
{
    const int Kind = 0xF000;
    const int Regular = 0x8000;

    public bool IsRegular => (Mode & Kind) == Regular;
}
