using System.Net;

namespace OpCollector.Delivery.Forms;

/// <summary>The objects of the Open Cybersecurity Schema Framework that several classes have: people, and where they were.</summary>
internal static class OcsfParts
{
    // https://schema.ocsf.io/objects/os
    static readonly (byte[] Beginning, int Type)[] Systems =
    [
        ("windows"u8.ToArray(), 100), ("linux"u8.ToArray(), 200), ("android"u8.ToArray(), 201), ("mac"u8.ToArray(), 300),
        ("ios"u8.ToArray(), 301), ("ipados"u8.ToArray(), 302),
    ];

    /// <summary>Writes a person; nothing of whom nothing is known.</summary>
    /// <param name="uid">With its quotes; so are the others.</param>
    public static void WriteUser(
        NestedJson json, ReadOnlySpan<byte> name, ReadOnlySpan<byte> uid, ReadOnlySpan<byte> fullName, ReadOnlySpan<byte> email)
    {
        if (uid.IsEmpty && fullName.IsEmpty && email.IsEmpty)
        {
            return;
        }

        json.Open(name);
        json.Raw("uid"u8, uid);
        json.Raw("name"u8, uid.IsEmpty && fullName.IsEmpty ? email : fullName);
        json.Raw("email_addr"u8, email);
        json.Close();
    }

    /// <summary>Writes a person whom an object of the Events API describes; where it tells nothing, that nobody is known.</summary>
    public static void WriteUser(NestedJson json, ReadOnlySpan<byte> name, TakenMembers user)
    {
        var (uid, fullName, email) = (user.Text("uuid"u8).ToArray(), user.Text("name"u8).ToArray(), user.Text("email"u8).ToArray());
        WriteUser(json, name, uid, uid.Length + fullName.Length + email.Length == 0 ? "\"unknown\""u8 : fullName, email);
    }

    /// <summary>
    /// Writes from where something was done, where an address or a device tells it; without one of them there is no endpoint, and what else
    /// is known of the place is left.
    /// </summary>
    /// <param name="address">The object with the address.</param>
    /// <param name="addressName">What it is called there.</param>
    public static void WriteEndpoint(NestedJson json, TakenMembers members, TakenMembers address, ReadOnlySpan<byte> addressName)
    {
        var isAddress = address.Look(addressName) is { Length: > 2 } text && IPAddress.TryParse(text[1..^1], out _);
        var ip = isAddress ? address.Text(addressName) : default;
        var device = address.Text("device_uuid"u8);
        if (!isAddress && device.IsEmpty)
        {
            return;
        }

        json.Open("src_endpoint"u8);
        json.Raw("ip"u8, ip);
        json.Raw("uid"u8, device);
        WriteSystem(json, address);
        WriteLocation(json, members);
        json.Close();
    }

    static void WriteSystem(NestedJson json, TakenMembers client)
    {
        var name = client.Text("os_name"u8);
        if (name.IsEmpty)
        {
            return;
        }

        var type = OcsfClass.Other;
        foreach (var (beginning, number) in Systems)
        {
            type = StartsWith(name[1..], beginning) ? number : type;
        }

        json.Open("os"u8);
        json.Raw("name"u8, name);
        json.Number("type_id"u8, type);
        json.Raw("type"u8, type == OcsfClass.Other ? name : default);
        json.Raw("version"u8, client.Text("os_version"u8));
        json.Close();
    }

    static void WriteLocation(NestedJson json, TakenMembers members)
    {
        var location = members.Object("location"u8);
        var (city, region) = (location.Text("city"u8).ToArray(), location.Text("region"u8).ToArray());
        var country = location.Text("country"u8).ToArray() is { Length: > 0 } told ? told : members.Text("country"u8).ToArray();
        if (city.Length + region.Length + country.Length == 0)
        {
            return;
        }

        json.Open("location"u8);
        json.Raw("city"u8, city);
        json.Raw("country"u8, country);
        json.Raw("region"u8, region);
        json.Raw("lat"u8, location.Number("latitude"u8));
        json.Raw("long"u8, location.Number("longitude"u8));
        json.Close();
    }

    static bool StartsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> beginning) =>
        name.Length >= beginning.Length && System.Text.Ascii.EqualsIgnoreCase(name[..beginning.Length], beginning);
}
