using System.Net;
using System.Text;

namespace SiemEmulator.Http;

/// <summary>An answer before it is written: the writer decides how the body is framed.</summary>
internal sealed record Reply(int Status, string Body = "", params IReadOnlyList<string> Headers)
{
    public static Reply Json(int status, string body) => new(status, body, "Content-Type: application/json");

    public byte[] Content => Encoding.UTF8.GetBytes(Body);

    /// <summary>The head of the answer, with these further header lines.</summary>
    public byte[] Head(params IEnumerable<string> framing)
    {
        using var known = new HttpResponseMessage((HttpStatusCode)Status);
        var lines = new[] { $"HTTP/1.1 {Status} {known.ReasonPhrase}" }.Concat(Headers).Concat(framing);
        return Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => $"{line}\r\n")) + "\r\n");
    }
}
