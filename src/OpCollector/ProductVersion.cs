using System.Reflection;

namespace OpCollector;

/// <summary>The version of this program, as <c>--version</c>, the User-Agent and the metrics say it.</summary>
internal static class ProductVersion
{
    public static string Text { get; } =
        Assembly.GetExecutingAssembly().GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
}
