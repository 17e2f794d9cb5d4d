namespace SiemEmulator.Http;

/// <summary>Bytes that are no HTTP/1.1 request; the connection ends after the answer.</summary>
internal sealed class MalformedRequestException(string why, int status = 400) : Exception(why)
{
    public int Status { get; } = status;
}
