using System.Runtime.InteropServices;

namespace OpCollector.Storage;

/// <summary>The flags of open(2). Most are the same number everywhere; two are not (arch/*/include/uapi/asm/fcntl.h).</summary>
internal sealed record OpenFlags(int Directory, int NoFollow)
{
    public const int ReadWrite = 0x2;
    public const int Create = 0x40;
    public const int Exclusive = 0x80;
    public const int NonBlocking = 0x800;
    public const int CloseOnExec = 0x80000;
    const int Temporary = 0x400000;

    public static readonly OpenFlags ForThisMachine = For(RuntimeInformation.ProcessArchitecture);

    /// <summary>
    /// O_TMPFILE, which is not a flag of its own: where the kernel does not know it, it is an attempt to write to a directory.
    /// </summary>
    public int Unnamed => Temporary | Directory;

    /// <summary>The numbers of an architecture.</summary>
    public static OpenFlags For(Architecture architecture) =>
        architecture is Architecture.Arm64 or Architecture.Arm or Architecture.Armv6 or Architecture.Ppc64le
            ? new OpenFlags(Directory: 0x4000, NoFollow: 0x8000)
            : new OpenFlags(Directory: 0x10000, NoFollow: 0x20000);
}
