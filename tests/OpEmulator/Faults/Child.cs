using System.Diagnostics;
using System.Globalization;

namespace OpEmulator.Faults;

/// <summary>A process that inherits op's stdout and keeps it open when op is gone.</summary>
internal static class Child
{
    public static void Start(Home home, int seconds)
    {
        using var child = Process.Start(new ProcessStartInfo("sleep", [seconds.ToString(CultureInfo.InvariantCulture)]))
            ?? throw new InvalidOperationException("sleep did not start.");
        File.WriteAllText(home.ChildPid, child.Id.ToString(CultureInfo.InvariantCulture));
    }
}
