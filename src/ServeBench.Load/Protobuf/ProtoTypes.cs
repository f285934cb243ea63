using ServeBench.Domain.Faults;

namespace ServeBench.Load.Protobuf;

/// <summary>A method as a file writes it.</summary>
/// <param name="Name"><c>package.Service/Method</c>.</param>
/// <param name="Line">Where.</param>
internal sealed record ProtoCall(
    string Name, string Request, bool StreamsRequests, string Response, bool StreamsResponses, int Line);

/// <summary>The types that a file declares, and the names that stand for them, which may come first.</summary>
internal sealed class ProtoTypes
{
    private readonly Dictionary<string, ProtoMessage> _messages = [];
    private readonly Dictionary<string, ProtoEnum> _enums = [];
    private readonly List<(ProtoField Field, string Type, string Scope, int Line)> _named = [];
    private readonly List<ProtoCall> _calls = [];

    /// <exception cref="ProtoFileException">when its name is taken.</exception>
    public void Add(ProtoMessage message, int line)
    {
        if (_enums.ContainsKey(message.Name) || !_messages.TryAdd(message.Name, message)) throw Twice(message.Name, line);
    }

    /// <exception cref="ProtoFileException">when its name is taken.</exception>
    public void Add(string name, ProtoEnum values, int line)
    {
        if (_messages.ContainsKey(name) || !_enums.TryAdd(name, values)) throw Twice(name, line);
    }

    public void Add(ProtoCall call) => _calls.Add(call);

    /// <summary>The type of a field is that which a name stands for.</summary>
    /// <param name="scope">Where the name is used, a message's name.</param>
    public void Refer(ProtoField field, string type, string scope, int line) => _named.Add((field, type, scope, line));

    public bool IsNamed(ProtoField field) => _named.Exists(n => n.Field == field);

    /// <summary>Finds what every name stands for.</summary>
    /// <exception cref="ProtoFileException">when one stands for nothing.</exception>
    public ProtoSchema Resolve(string package)
    {
        foreach (var (field, type, scope, line) in _named)
        {
            if (Find(_messages, type, scope) is { } message) (field.Kind, field.Message) = (ProtoKind.Message, message);
            else if (Find(_enums, type, scope) is { } values) (field.Kind, field.Enum) = (ProtoKind.Enum, values);
            else throw Unknown(type, line);
        }
        var methods = new Dictionary<string, ProtoMethod>();
        foreach (var call in _calls)
        {
            var request = Find(_messages, call.Request, package) ?? throw Unknown(call.Request, call.Line);
            var response = Find(_messages, call.Response, package) ?? throw Unknown(call.Response, call.Line);
            if (!methods.TryAdd(call.Name, new ProtoMethod(request, response, call.StreamsRequests, call.StreamsResponses)))
                throw Twice(call.Name, call.Line);
        }
        return new ProtoSchema(methods);
    }

    public static string Inside(string scope, string name) => scope.Length == 0 ? name : $"{scope}.{name}";

    private static ProtoFileException Twice(string name, int line) => new(line, $"{name} is declared twice");

    private ProtoFileException Unknown(string type, int line) => new(
        line,
        $"no type is called {type}",
        type.Contains("google.protobuf", StringComparison.Ordinal)
            ? "The types of google.protobuf are not known here: write a message with the same fields"
            : NearestName.Remedy(type, [.. _messages.Keys, .. _enums.Keys]));

    /// <summary>From the innermost scope outwards, as the language has it.</summary>
    private static T? Find<T>(Dictionary<string, T> types, string name, string scope)
        where T : class
    {
        if (name.StartsWith('.')) return types.GetValueOrDefault(name[1..]);
        while (true)
        {
            if (types.TryGetValue(Inside(scope, name), out var found)) return found;
            if (scope.Length == 0) return null;
            scope = scope[..Math.Max(0, scope.LastIndexOf('.'))];
        }
    }
}
