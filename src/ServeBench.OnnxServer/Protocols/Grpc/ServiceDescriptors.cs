using ServeBench.OnnxServer.Protocols.Protobuf;

namespace ServeBench.OnnxServer.Protocols.Grpc;

/// <summary>The proto files of the services, as their compiler describes them (google.protobuf.FileDescriptorSet).</summary>
internal static class ServiceDescriptors
{
    private const string Resource = "services.pb";

    // Fields of FileDescriptorProto.
    private const int FileName = 1;
    private const int Package = 2;
    private const int Messages = 4;
    private const int Enums = 5;
    private const int Services = 6;

    private static readonly Lazy<IReadOnlyList<(byte[] File, string Name, HashSet<string> Symbols)>> All = new(Read);

    /// <summary>A file's description; null when there is none of that name.</summary>
    public static byte[]? ByFile(string name) => All.Value.FirstOrDefault(f => f.Name == name).File;

    /// <summary>The description of the file that holds a service, a method, a message or an enumeration; null when none does.</summary>
    public static byte[]? BySymbol(string symbol)
    {
        // A method, a field or a nested message is in the file of what is around it.
        for (var name = symbol; name.Length > 0; name = name[..Math.Max(0, name.LastIndexOf('.'))])
        {
            if (All.Value.FirstOrDefault(f => f.Symbols.Contains(name)).File is { } file) return file;
        }
        return null;
    }

    private static List<(byte[] File, string Name, HashSet<string> Symbols)> Read()
    {
        using var resource = typeof(ServiceDescriptors).Assembly.GetManifestResourceStream(Resource)!;
        var bytes = new byte[resource.Length];
        resource.ReadExactly(bytes);
        var files = new List<(byte[] File, string Name, HashSet<string> Symbols)>();
        var set = new ProtobufReader(bytes);
        while (set.TryReadField(out _)) files.Add(Describe(set.ReadBytes()));
        return files;
    }

    private static (byte[] File, string Name, HashSet<string> Symbols) Describe(ReadOnlySpan<byte> file)
    {
        var (name, package) = ("", "");
        var symbols = new HashSet<string>();
        var reader = new ProtobufReader(file);
        while (reader.TryReadField(out var field))
        {
            if (field == FileName) name = reader.ReadText();
            else if (field == Package) package = reader.ReadText();
            else if (field is Messages or Enums or Services) symbols.Add(NameOf(reader.ReadMessage()));
            else reader.Skip();
        }
        return (file.ToArray(), name, [.. symbols.Select(s => $"{package}.{s}")]);
    }

    /// <summary>The first field of every description is its name.</summary>
    private static string NameOf(ProtobufReader reader)
    {
        while (reader.TryReadField(out var field))
        {
            if (field == 1) return reader.ReadText();
            reader.Skip();
        }
        return "";
    }
}
