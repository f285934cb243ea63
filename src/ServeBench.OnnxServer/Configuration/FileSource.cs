using System.Text.Json;
using ServeBench.Domain.Faults;

namespace ServeBench.OnnxServer.Configuration;

/// <summary>
/// Reads options from a JSON file: the members of its object <c>Server</c>, named as on the command line. Lists are arrays.
/// </summary>
internal static class FileSource
{
    public const string DefaultFile = "appsettings.json";

    private const string Section = "Server";

    /// <param name="given">The file that the command line names; null for the default one, which need not be there.</param>
    /// <param name="faults">Where what is wrong with it is collected.</param>
    public static OptionValues Read(string? given, FaultList faults)
    {
        var file = given ?? DefaultFile;
        if (given is null && !File.Exists(file)) return new OptionValues();
        try
        {
            using var document = JsonDocument.Parse(
                File.ReadAllBytes(file),
                new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
            return Read(file, document.RootElement, given is not null, faults);
        }
        catch (JsonException e)
        {
            faults.Add(new Fault(file, (int?)e.LineNumber + 1, null, $"this is not valid JSON: {e.Message}"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            faults.Add(new Fault(file, null, null, $"the file cannot be read: {e.Message}"));
        }
        return new OptionValues();
    }

    private static OptionValues Read(string file, JsonElement root, bool isNamed, FaultList faults)
    {
        var values = new OptionValues();
        if (root.ValueKind != JsonValueKind.Object || !root.TryGetProperty(Section, out var section))
        {
            // The default file may belong to something else.
            if (isNamed)
                faults.Add(new Fault(file, null, Section, "this key is missing", $"Write the options into an object under {Section}"));
            return values;
        }
        if (section.ValueKind != JsonValueKind.Object)
        {
            faults.Add(new Fault(file, null, Section, "this must be an object"));
            return values;
        }
        foreach (var member in section.EnumerateObject()) Read(file, member, values, faults);
        return values;
    }

    private static void Read(string file, JsonProperty member, OptionValues values, FaultList faults)
    {
        var known = ServerOptionList.All.Where(o => !ServerOptionList.IsForCommandLineOnly(o)).ToArray();
        var key = $"{Section}.{member.Name}";
        if (Array.Find(known, o => o.Name == member.Name) is not { } option)
        {
            faults.Add(
                new Fault(
                    file,
                    null,
                    key,
                    "no option has this name",
                    NearestName.Of(member.Name, known.Select(o => o.Name)) is { } nearest ? $"Did you mean {nearest}?" : "See --help"));
            return;
        }
        var elements = option.IsList && member.Value.ValueKind == JsonValueKind.Array
            ? member.Value.EnumerateArray().ToArray()
            : [member.Value];
        foreach (var element in elements)
        {
            var text = element.ValueKind switch
            {
                JsonValueKind.String => element.GetString()!,
                JsonValueKind.Number => element.GetRawText(),
                _ => null,
            };
            if (text is null) faults.Add(new Fault(file, null, key, $"the value {element.GetRawText()} is neither text nor a number"));
            else values.Add(option, new OptionValue(text, $"{file}: {key}"), faults);
        }
    }
}
