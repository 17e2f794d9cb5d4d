using System.Text;
using System.Text.Json;

namespace OpCollector.Delivery.Formats;

/// <summary>
/// Where a cluster is asked what it can tell without an event, beside its bulk address (https://www.elastic.co/docs/api, "Get the cluster
/// health", "Check user privileges"). Pure.
/// </summary>
internal sealed class BulkPlace(Uri events)
{
    const string Ending = "/_bulk";

    /// <summary>How the cluster is; null where the address is not one for bulk requests.</summary>
    public Uri? Health => Beside("/_cluster/health");

    /// <summary>Whether we may create documents; null where the address names no index.</summary>
    public Uri? Privileges => Index is null ? null : Beside("/_security/user/_has_privileges");

    public byte[] PrivilegesQuestion => Encoding.UTF8.GetBytes(
        $"{{\"index\":[{{\"names\":[\"{JsonEncodedText.Encode(Index!)}\"],\"privileges\":[\"create_doc\"]}}]}}");

    string Path => events.AbsolutePath.TrimEnd('/');

    string Before => Path.EndsWith(Ending, StringComparison.Ordinal) ? Path[..^Ending.Length] : "";

    string? Index => Before.Split('/') is [.., _, { Length: > 0 } index] ? Uri.UnescapeDataString(index) : null;

    // Of /prefix/index/_bulk what is beside the index, of /_bulk what is at the root.
    Uri? Beside(string place) => Path.EndsWith(Ending, StringComparison.Ordinal)
        ? new UriBuilder(events) { Path = $"{Before[..Math.Max(0, Before.LastIndexOf('/'))]}{place}", Query = "" }.Uri
        : null;
}
