using System.Diagnostics;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using OpCollector.Sources;

namespace OpCollector.Tests.Support;

/// <summary>What may stand in the state directory where a file of ours belongs.</summary>
internal static class OddFiles
{
    /// <summary>Puts something there that is no file; a link leads to <paramref name="victim"/>.</summary>
    public static void Make(string kind, string path, string victim)
    {
        File.Delete(path);
        switch (kind)
        {
            case "directory":
                Directory.CreateDirectory(path);
                break;
            case "link":
                File.WriteAllText(victim, "somebody else's");
                File.CreateSymbolicLink(path, victim);
                break;
            case "link to nothing":
                File.CreateSymbolicLink(path, victim);
                break;
            case "link to a device":
                File.CreateSymbolicLink(path, "/dev/zero");
                break;
            case "socket":
                using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
                {
                    socket.Bind(new UnixDomainSocketEndPoint(path));
                }

                break;
            default:
                using (var pipe = Process.Start("/usr/bin/mkfifo", [path]))
                {
                    pipe.WaitForExit();
                }

                break;
        }
    }

    /// <summary>A checkpoint that somebody has written by hand, and whose checksum fits.</summary>
    public static string Checkpoint(string members)
    {
        var json = $"{{{members}";
        return $"{json},\"checksum\":\"sha256:{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(json)))}\"}}\n";
    }
}
