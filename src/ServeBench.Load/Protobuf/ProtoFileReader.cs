namespace ServeBench.Load.Protobuf;

/// <summary>
/// Reads a .proto file that stands alone: syntax proto3, messages, enumerations and services; options are passed over. What a client needs
/// to know of a service, and no compiler.
/// </summary>
internal sealed class ProtoFileReader
{
    private const int MostNested = 32;

    private readonly ProtoTokens _tokens;
    private readonly ProtoTypes _types = new();
    private string _package = "";

    private ProtoFileReader(string source) => _tokens = new ProtoTokens(source);

    /// <param name="source">The text of the file.</param>
    /// <exception cref="ProtoFileException">with the line of the first thing that is wrong.</exception>
    public static ProtoSchema Read(string source)
    {
        var reader = new ProtoFileReader(source);
        reader.File();
        return reader._types.Resolve(reader._package);
    }

    private void File()
    {
        if (!_tokens.Try("syntax"))
            throw new ProtoFileException(_tokens.Line, "the file does not begin with its syntax", "Begin with: syntax = \"proto3\";");
        _tokens.Expect("=");
        var line = _tokens.Line;
        if (_tokens.Text() is not "proto3" and var syntax)
            throw new ProtoFileException(line, $"its syntax is {syntax}", "Only proto3 is read here");
        _tokens.Expect(";");
        while (!_tokens.AtEnd) Statement();
    }

    private void Statement()
    {
        var line = _tokens.Line;
        switch (_tokens.Peek)
        {
            case "import":
                throw new ProtoFileException(
                    line, "it imports another file, and only this one is read", "Write the messages that are needed into it");
            case "extend":
                throw new ProtoFileException(line, "it extends messages of another file, which is not read", "Leave the extension out");
            case "package":
                _tokens.Word();
                _package = _tokens.Name();
                _tokens.Expect(";");
                break;
            case "message":
                Message(_package);
                break;
            case "enum":
                Enumeration(_package);
                break;
            case "service":
                Service();
                break;
            case "option":
                _tokens.SkipStatement();
                break;
            default:
                if (!_tokens.Try(";")) throw _tokens.Wrong("package, option, message, enum or service");
                break;
        }
    }

    private void Message(string scope)
    {
        _tokens.Expect("message");
        var line = _tokens.Line;
        var message = new ProtoMessage(ProtoTypes.Inside(scope, _tokens.Word()));
        if (message.Name.Count(c => c == '.') > MostNested)
            throw new ProtoFileException(line, $"messages are nested more than {MostNested} deep");
        _types.Add(message, line);
        _tokens.Expect("{");
        while (!_tokens.Try("}")) Member(message, null);
    }

    /// <param name="message">What it is a member of.</param>
    /// <param name="oneof">The oneof that it stands in; null for none.</param>
    private void Member(ProtoMessage message, string? oneof)
    {
        switch (_tokens.Peek)
        {
            case "message" when oneof is null:
                Message(message.Name);
                return;
            case "enum" when oneof is null:
                Enumeration(message.Name);
                return;
            case "reserved" or "option":
                _tokens.SkipStatement();
                return;
            case "oneof" when oneof is null:
                _tokens.Word();
                var name = _tokens.Word();
                _tokens.Expect("{");
                while (!_tokens.Try("}")) Member(message, name);
                return;
            case "required" or "group" or "extensions" or "extend":
                throw new ProtoFileException(_tokens.Line, $"'{_tokens.Peek}' is not part of proto3");
            case ";":
                _tokens.Expect(";");
                return;
        }
        var isRepeated = oneof is null && _tokens.Try("repeated");
        var isOptional = !isRepeated && oneof is null && _tokens.Try("optional");
        if (!isRepeated && !isOptional && oneof is null && _tokens.Try("map")) Map(message);
        else Field(message, isRepeated, isOptional, oneof);
    }

    private void Field(ProtoMessage message, bool isRepeated, bool isOptional, string? oneof)
    {
        var line = _tokens.Line;
        var type = _tokens.Name();
        var (name, number, options) = NameAndNumber();
        var field = new ProtoField
        {
            Name = name,
            JsonName = options.GetValueOrDefault("json_name") ?? CamelCase(name),
            Number = number,
            IsRepeated = isRepeated,
            IsUnpacked = options.GetValueOrDefault("packed") == "false",
            HasPresence = isOptional || oneof is not null,
            Oneof = oneof,
        };
        Type(field, type, message.Name, line);
        Add(message, field, line);
    }

    private void Map(ProtoMessage message)
    {
        var line = _tokens.Line;
        _tokens.Expect("<");
        var key = new ProtoField { Name = "key", JsonName = "key", Number = 1 };
        Type(key, _tokens.Name(), message.Name, line);
        if (!key.Kind.CanBeMapKey() || _types.IsNamed(key))
            throw new ProtoFileException(line, "a map's key must be a whole number, a bool or a string");
        _tokens.Expect(",");
        var value = new ProtoField { Name = "value", JsonName = "value", Number = 2 };
        Type(value, _tokens.Name(), message.Name, line);
        _tokens.Expect(">");
        var (name, number, options) = NameAndNumber();
        var entry = new ProtoMessage($"{message.Name}.{name}");
        entry.TryAdd(key);
        entry.TryAdd(value);
        Add(message, new ProtoField
        {
            Name = name,
            JsonName = options.GetValueOrDefault("json_name") ?? CamelCase(name),
            Number = number,
            Kind = ProtoKind.Message,
            Message = entry,
            IsRepeated = true,
            IsMap = true,
        }, line);
    }

    private void Type(ProtoField field, string type, string scope, int line)
    {
        if (ProtoKinds.Of(type) is { } kind) field.Kind = kind;
        else _types.Refer(field, type, scope, line);
    }

    private (string Name, int Number, Dictionary<string, string> Options) NameAndNumber()
    {
        var name = _tokens.Word();
        _tokens.Expect("=");
        var line = _tokens.Line;
        var number = _tokens.Number();
        if (number is < 1 or > ProtoField.LargestNumber or >= 19_000 and < 20_000)
            throw new ProtoFileException(
                line, $"{number} is not the number of a field", $"Give one from 1 to {ProtoField.LargestNumber}, without 19000 to 19999");
        var options = new Dictionary<string, string>();
        ProtoOptions.Read(_tokens, options);
        _tokens.Expect(";");
        return (name, number, options);
    }

    private static void Add(ProtoMessage message, ProtoField field, int line)
    {
        if (!message.TryAdd(field))
            throw new ProtoFileException(line, $"the name or the number of {field.Name} = {field.Number} is taken in {message.Name}");
    }

    private void Enumeration(string scope)
    {
        _tokens.Expect("enum");
        var line = _tokens.Line;
        var name = ProtoTypes.Inside(scope, _tokens.Word());
        var values = new List<(string, int)>();
        _tokens.Expect("{");
        while (!_tokens.Try("}"))
        {
            if (_tokens.Peek is "option" or "reserved")
            {
                _tokens.SkipStatement();
                continue;
            }
            if (_tokens.Try(";")) continue;
            var value = _tokens.Word();
            _tokens.Expect("=");
            values.Add((value, _tokens.Number()));
            ProtoOptions.Read(_tokens, []);
            _tokens.Expect(";");
        }
        if (values is not [(_, 0), ..]) throw new ProtoFileException(line, $"the first value of {name} is not 0");
        _types.Add(name, new ProtoEnum(values), line);
    }

    private void Service()
    {
        _tokens.Expect("service");
        var service = ProtoTypes.Inside(_package, _tokens.Word());
        _tokens.Expect("{");
        while (!_tokens.Try("}"))
        {
            if (_tokens.Peek == "option")
            {
                _tokens.SkipStatement();
                continue;
            }
            if (_tokens.Try(";")) continue;
            var line = _tokens.Line;
            _tokens.Expect("rpc");
            var name = $"{service}/{_tokens.Word()}";
            var (request, streamsRequests) = Side();
            _tokens.Expect("returns");
            var (response, streamsResponses) = Side();
            _types.Add(new ProtoCall(name, request, streamsRequests, response, streamsResponses, line));
            if (!_tokens.Try("{")) _tokens.Expect(";");
            else
                while (!_tokens.Try("}"))
                    if (!_tokens.Try(";")) _tokens.SkipStatement();
        }
    }

    private (string Type, bool Streams) Side()
    {
        _tokens.Expect("(");
        var streams = _tokens.Try("stream");
        var type = _tokens.Name();
        _tokens.Expect(")");
        return (type, streams);
    }

    /// <summary>As the proto3 mapping to JSON has it: an underscore goes, and the letter after it is a capital.</summary>
    private static string CamelCase(string name) => string.Concat(
        name.Select((c, i) => c == '_' ? "" : i > 0 && name[i - 1] == '_' ? $"{char.ToUpperInvariant(c)}" : $"{c}"));
}
