using System.Runtime.InteropServices;

namespace SiemEmulator.Storage;

/// <summary>The call that .NET hides: its own flush says nothing when fsync fails.</summary>
internal static partial class Libc
{
    public static void Sync(SafeHandle file)
    {
        if (fsync(file) != 0)
        {
            throw new IOException($"fsync: {Marshal.GetLastPInvokeErrorMessage()}");
        }
    }

#pragma warning disable IDE1006, CA5392 // the name is libc's; it is found by the loader as every program finds it
    [LibraryImport("libc", SetLastError = true)]
    private static partial int fsync(SafeHandle file);
#pragma warning restore IDE1006, CA5392
}
