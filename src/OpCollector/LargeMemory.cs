namespace OpCollector;

/// <summary>
/// Gives the memory of something very large back when it is done. By itself .NET takes its time for it, and a second such thing may come
/// before; for what is of the usual size nothing happens.
/// </summary>
internal static class LargeMemory
{
    /// <summary>Some thousand events.</summary>
    public const int Large = 4 * 1024 * 1024;

    /// <summary>Whether what is kept of something large, and keeps all of it, is its smaller part.</summary>
    public static bool Wastes(long all, long kept) => all > Large && kept < all / 2;

    public static void Return(long bytes)
    {
        if (bytes > Large)
        {
            GC.Collect();
        }
    }
}
