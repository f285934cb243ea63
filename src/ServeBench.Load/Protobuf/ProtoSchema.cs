namespace ServeBench.Load.Protobuf;

/// <summary>What a .proto file describes.</summary>
/// <param name="Methods">The methods of its services, by <c>package.Service/Method</c>.</param>
internal sealed record ProtoSchema(IReadOnlyDictionary<string, ProtoMethod> Methods);

/// <param name="Request">The message that is sent.</param>
/// <param name="Response">The message that is answered.</param>
/// <param name="StreamsRequests">Whether several are sent.</param>
/// <param name="StreamsResponses">Whether several are answered.</param>
internal sealed record ProtoMethod(ProtoMessage Request, ProtoMessage Response, bool StreamsRequests, bool StreamsResponses);

/// <summary>A message type.</summary>
/// <param name="name">With its package.</param>
internal sealed class ProtoMessage(string name)
{
    private readonly Dictionary<string, ProtoField> _byName = [];
    private readonly HashSet<int> _numbers = [];
    private readonly List<ProtoField> _fields = [];

    public string Name => name;

    /// <summary>In the order in which the file has them.</summary>
    public IReadOnlyList<ProtoField> Fields => _fields;

    /// <summary>A field by its name in the file or in JSON; null when there is none.</summary>
    public ProtoField? Find(string field) => _byName.GetValueOrDefault(field);

    /// <returns>False when its name or its number is taken.</returns>
    public bool TryAdd(ProtoField field)
    {
        if (!_numbers.Add(field.Number) || !_byName.TryAdd(field.Name, field)) return false;
        if (field.JsonName != field.Name && !_byName.TryAdd(field.JsonName, field)) return false;
        _fields.Add(field);
        return true;
    }
}

/// <summary>An enumeration; one number may have several names.</summary>
/// <param name="Values">Names with their numbers, in the order of the file.</param>
internal sealed record ProtoEnum(IReadOnlyList<(string Name, int Number)> Values);

/// <summary>A field of a message.</summary>
internal sealed class ProtoField
{
    public const int LargestNumber = (1 << 29) - 1;

    public required string Name { get; init; }

    public required string JsonName { get; init; }

    public required int Number { get; init; }

    /// <summary>What one value of it is.</summary>
    public ProtoKind Kind { get; set; }

    /// <summary>The type of a message; of a map, of its entries.</summary>
    public ProtoMessage? Message { get; set; }

    public ProtoEnum? Enum { get; set; }

    public bool IsRepeated { get; init; }

    /// <summary>A repeated field of messages with a key and a value each, which JSON has as an object.</summary>
    public bool IsMap { get; init; }

    /// <summary>Whether the file says that repeated numbers stand each alone (<c>packed = false</c>).</summary>
    public bool IsUnpacked { get; init; }

    /// <summary>Whether a value that is zero or empty is another than none: <c>optional</c>, or in a oneof.</summary>
    public bool HasPresence { get; init; }

    /// <summary>The oneof that it is in; null for none.</summary>
    public string? Oneof { get; init; }
}

/// <summary>Kinds of values.</summary>
internal enum ProtoKind : byte
{
    Double,
    Float,
    Int64,
    UInt64,
    Int32,
    Fixed64,
    Fixed32,
    Bool,
    String,
    Message,
    Bytes,
    UInt32,
    Enum,
    SFixed32,
    SFixed64,
    SInt32,
    SInt64,
}

internal static class ProtoKinds
{
    public const int Varint = 0;
    public const int EightBytes = 1;
    public const int Delimited = 2;
    public const int FourBytes = 5;

    private static readonly Dictionary<string, ProtoKind> Words = Enum.GetValues<ProtoKind>()
        .Where(k => k is not (ProtoKind.Message or ProtoKind.Enum))
        .ToDictionary(k => k.ToString().ToLowerInvariant());

    /// <summary>The kind that a word of a .proto file stands for; null where it is the name of a type.</summary>
    public static ProtoKind? Of(string word) => Words.TryGetValue(word, out var kind) ? kind : null;

    /// <summary>How a value is encoded: one of the constants.</summary>
    public static int WireType(this ProtoKind kind) => kind switch
    {
        ProtoKind.Double or ProtoKind.Fixed64 or ProtoKind.SFixed64 => EightBytes,
        ProtoKind.Float or ProtoKind.Fixed32 or ProtoKind.SFixed32 => FourBytes,
        ProtoKind.String or ProtoKind.Bytes or ProtoKind.Message => Delimited,
        _ => Varint,
    };

    public static bool CanBeMapKey(this ProtoKind kind) =>
        kind is not (ProtoKind.Double or ProtoKind.Float or ProtoKind.Bytes or ProtoKind.Message or ProtoKind.Enum);
}
