using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>What was done with an item, as the class Web Resources Activity: the item is one resource, its vault another.</summary>
internal static class OcsfItemUsage
{
    static readonly OcsfPerson User = new(OcsfMember.UserUuid, OcsfMember.UserName, OcsfMember.UserEmail);

    public static void Write(NestedJson json, OcsfMembers members, ActivityEvent item)
    {
        var of = OcsfClass.ForUsage(members.Word(OcsfMember.Action, stackalloc char[OcsfClass.LongestWord]));
        var activity = of.Activity == OcsfClass.Other ? members.Text(OcsfMember.Action) : default;
        OcsfBeginning.Write(json, of, activity, 1, members, item, Streams.ItemUsage);
        json.OpenList("web_resources"u8);
        var uid = members.Text(OcsfMember.Item);
        var vault = members.Text(OcsfMember.Vault);
        WriteResource(json, uid.IsEmpty && vault.IsEmpty ? "\"unknown\""u8 : uid, default, "item"u8);
        WriteResource(json, vault, members.Text(OcsfMember.VaultName), "vault"u8);
        json.CloseList();
        json.Open("actor"u8);
        OcsfParts.WriteUser(json, "user"u8, members, User);
        json.Close();
        OcsfParts.WriteEndpoint(json, members, OcsfMember.ClientIp, OcsfMember.ClientDevice);
    }

    static void WriteResource(NestedJson json, ReadOnlySpan<byte> uid, ReadOnlySpan<byte> name, ReadOnlySpan<byte> type)
    {
        if (uid.IsEmpty && name.IsEmpty)
        {
            return;
        }

        json.Open();
        json.Raw("uid"u8, uid);
        json.Raw("name"u8, name);
        json.Text("type"u8, type);
        json.Close();
    }
}
