using System.Security.Authentication;

namespace SiemEmulator.Tls;

/// <summary>
/// A server that knows nothing newer than TLS 1.1, as far as a client of today gets with it: OpenSSL at its usual security level does
/// not speak that version any more, so its greeting (RFC 4346 §7.4.1.3) is written by hand.
/// </summary>
internal static class OldHandshake
{
    const int Alert = 21;

    public static async Task FailAsync(Stream connection, CancellationToken stop)
    {
        await RecordAsync(connection, stop);
        // the version, no session, ECDHE_ECDSA_WITH_AES_128_CBC_SHA, no compression
        byte[] hello = [3, 2, .. new byte[32], 0, 0xC0, 0x09, 0];
        byte[] message = [2, 0, 0, (byte)hello.Length, .. hello];
        await connection.WriteAsync(new byte[] { 22, 3, 2, 0, (byte)message.Length }.Concat(message).ToArray(), stop);
        throw new AuthenticationException(
            await RecordAsync(connection, stop) == Alert ? "the client does not want it this old" : "the client went on with it");
    }

    static async Task<int> RecordAsync(Stream connection, CancellationToken stop)
    {
        var head = new byte[5];
        await connection.ReadExactlyAsync(head, stop);
        await connection.ReadExactlyAsync(new byte[(head[3] << 8) | head[4]], stop);
        return head[0];
    }
}
