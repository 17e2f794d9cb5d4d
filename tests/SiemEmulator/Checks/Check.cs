using System.Security.Cryptography;
using System.Text;
using SiemEmulator.Receivers;

namespace SiemEmulator.Checks;

/// <summary>A proof of who sends that a receiver asks for.</summary>
internal abstract class Check
{
    /// <summary>RFC 6750 §2.1.</summary>
    public static Check Bearer(string token) => Header("Authorization", $"Bearer {token}");

    /// <summary>RFC 7617 §2.</summary>
    public static Check Basic(string user, string password) =>
        Header("Authorization", $"Basic {Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}"))}");

    public static Check Header(string name, string value) => new HeaderCheck(name, value);

    /// <summary>Why the call proves nothing; none when it does.</summary>
    public abstract string? Complaint(Call call);

    protected static bool AreSame(string given, string wanted) =>
        CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(given), Encoding.UTF8.GetBytes(wanted));
}
