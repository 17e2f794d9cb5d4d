using System.Reflection;

namespace OpCollector.Tests.Support;

/// <summary>The programs and files that the tests run, as the build has put them down.</summary>
internal static class ShippedFiles
{
    public static string OpCollector
    {
        get
        {
            Speed.MustBeSlow();
            return Place("opcollector");
        }
    }

    public static string OpEmulator => Place("op-emulator");

    public static string Sample(string name) => Path.Combine(Place("repository"), "samples", name);

    public static string Source(string path) => Path.Combine(Place("repository"), path);

    static string Place(string key) => typeof(ShippedFiles).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == key).Value!;
}
