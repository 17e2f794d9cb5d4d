namespace OpCollector.Storage;

/// <summary>What the kernel says of a file: its kind and rights, and the number of the user it belongs to.</summary>
internal readonly record struct FileStatus(int Mode, uint Owner)
{
    const int Kind = 0xF000;
    const int Regular = 0x8000;

    public bool IsRegular => (Mode & Kind) == Regular;
}
