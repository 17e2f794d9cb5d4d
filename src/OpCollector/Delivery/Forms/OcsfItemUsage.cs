using System.Text;
using OpCollector.Events;

namespace OpCollector.Delivery.Forms;

/// <summary>What was done with an item, as the class Web Resources Activity: the item is one resource, its vault another.</summary>
internal static class OcsfItemUsage
{
    public static void Write(NestedJson json, TakenMembers members, ActivityEvent item)
    {
        var action = members.Look("action"u8);
        var of = OcsfClass.OfUsage(action.IsEmpty ? "" : Encoding.UTF8.GetString(action[1..^1]));
        var activity = of.Activity == OcsfClass.Other ? members.Text("action"u8) : default;
        OcsfBeginning.Write(json, of, activity, 1, members, item, Streams.ItemUsage);
        json.OpenList("web_resources"u8);
        var (uid, vault, vaultName) =
            (members.Text("item_uuid"u8).ToArray(), members.Text("vault_uuid"u8).ToArray(), members.Text("vault_name"u8).ToArray());
        WriteResource(json, uid.Length == 0 && vault.Length == 0 ? "\"unknown\""u8 : uid, default, "item"u8);
        WriteResource(json, vault, vaultName, "vault"u8);
        json.CloseList();
        json.Open("actor"u8);
        OcsfParts.WriteUser(json, "user"u8, members.Object("user"u8));
        json.Close();
        OcsfParts.WriteEndpoint(json, members, members.Object("client"u8), "ip_address"u8);
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
