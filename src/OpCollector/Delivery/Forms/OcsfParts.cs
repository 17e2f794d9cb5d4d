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
    public static void WriteUser(NestedJson json, ReadOnlySpan<byte> name, OcsfMembers members, OcsfPerson person)
    {
        var uid = members.Text(person.Uuid);
        var fullName = members.Text(person.Name);
        var email = members.Text(person.Email);
        WriteUser(json, name, uid, uid.Length + fullName.Length + email.Length == 0 ? "\"unknown\""u8 : fullName, email);
    }

    /// <summary>
    /// Writes from where something was done, where an address or a device tells it; without one of them there is no endpoint, and what else
    /// is known of the place is left.
    /// </summary>
    public static void WriteEndpoint(NestedJson json, OcsfMembers members, OcsfMember address, OcsfMember device)
    {
        var ip = members.Peek(address) is { Length: > 2 } text && IPAddress.IsValidUtf8(text[1..^1]) ? members.Text(address) : default;
        var uid = members.Text(device);
        if (ip.IsEmpty && uid.IsEmpty)
        {
            return;
        }

        json.Open("src_endpoint"u8);
        json.Raw("ip"u8, ip);
        json.Raw("uid"u8, uid);
        WriteSystem(json, members);
        WriteLocation(json, members);
        json.Close();
    }

    static void WriteSystem(NestedJson json, OcsfMembers members)
    {
        var name = members.Text(OcsfMember.ClientSystem);
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
        json.Raw("version"u8, members.Text(OcsfMember.ClientSystemVersion));
        json.Close();
    }

    static void WriteLocation(NestedJson json, OcsfMembers members)
    {
        var city = members.Text(OcsfMember.City);
        var region = members.Text(OcsfMember.Region);
        var country = members.Text(OcsfMember.Country);
        country = country.IsEmpty ? members.Text(OcsfMember.CountryAlone) : country;
        if (city.Length + region.Length + country.Length == 0)
        {
            return;
        }

        json.Open("location"u8);
        json.Raw("city"u8, city);
        json.Raw("country"u8, country);
        json.Raw("region"u8, region);
        json.Raw("lat"u8, members.Number(OcsfMember.Latitude));
        json.Raw("long"u8, members.Number(OcsfMember.Longitude));
        json.Close();
    }

    static bool StartsWith(ReadOnlySpan<byte> name, ReadOnlySpan<byte> beginning) =>
        name.Length >= beginning.Length && System.Text.Ascii.EqualsIgnoreCase(name[..beginning.Length], beginning);
}
