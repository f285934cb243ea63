using System.Globalization;
using System.Runtime.InteropServices;
using Google.Protobuf;
using ServeBench.Models.Onnx.Format;
using ServeBench.Models.Onnx.Precisions;

namespace ServeBench.Models.Onnx;

/// <summary>
/// Puts a graph together node by node. Every value is annotated with its shape, because several of ONNX Runtime's fusions
/// fire only where shapes are known. The same calls give the same bytes.
/// </summary>
/// <param name="weights">The checkpoint.</param>
/// <param name="precision">How the large weights are stored.</param>
public sealed class GraphBuilder(IWeightSource weights, IPrecision precision)
{
    /// <summary>
    /// The version of the ONNX operators used: the first with GELU as an operator, and old enough for every runtime of the last
    /// two years.
    /// </summary>
    public const int OperatorSet = 20;

    private readonly GraphProto _graph = new();
    private readonly List<Initialiser> _initialisers = [];
    private readonly Dictionary<string, Value> _constants = new(StringComparer.Ordinal);
    private readonly Dictionary<string, IReadOnlyList<Value>> _once = new(StringComparer.Ordinal);
    private readonly HashSet<string> _counted = new(StringComparer.Ordinal);
    private readonly HashSet<string> _names = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, int> _domains = new(StringComparer.Ordinal);

    public IPrecision Precision { get; } = precision;

    public IReadOnlyList<Initialiser> Initialisers => _initialisers;

    public IReadOnlyList<Value> Inputs { get; private set; } = [];

    public IReadOnlyList<Value> Outputs { get; private set; } = [];

    /// <summary>The number of elements of every weight taken so far.</summary>
    public long Parameters { get; private set; }

    public Value Input(string name, ElementType type, params IReadOnlyList<Dimension> shape)
    {
        var value = new Value(Unique(name), type, shape);
        _graph.Input.Add(Describe(value));
        Inputs = [.. Inputs, value];
        return value;
    }

    /// <summary>A tensor of the checkpoint, in single precision.</summary>
    /// <param name="name">Its name there.</param>
    /// <param name="transposed">True to store a matrix [rows, columns] as [columns, rows], which is how MatMul wants the weights
    /// of a linear layer.</param>
    public Value Weight(string name, bool transposed = false) => Constant(Counted(name, weights.Take(name, transposed)));

    /// <summary>A tensor of the checkpoint, stored in another form.</summary>
    /// <param name="form">Names the form, and distinguishes it from others of the same tensor.</param>
    /// <param name="convert">Makes an initialiser of the given name out of the single-precision one.</param>
    public Value WeightAs(string name, bool transposed, string form, Func<string, Initialiser, Initialiser> convert)
    {
        var single = Counted(name, weights.Take(name, transposed));
        return Constant(convert($"{single.Name}.{form}", single));
    }

    /// <summary>A constant in single precision that is computed from tensors of the checkpoint when the file is written.</summary>
    /// <param name="name">Unique in the graph.</param>
    /// <param name="shape">Its dimensions, outermost first.</param>
    /// <param name="tensors">Names of the tensors.</param>
    /// <param name="combine">Gets them in that order, and fills the constant.</param>
    public Value Combined(
        string name, IReadOnlyList<long> shape, IReadOnlyList<string> tensors, Action<IReadOnlyList<float[]>, Span<float>> combine)
    {
        var parts = tensors.Select(t => Counted(t, weights.Take(t, transposed: false))).ToArray();
        return Constant(new Initialiser(name, ElementType.Float, shape, scratch =>
        {
            combine(
                [.. parts.Select(p => MemoryMarshal.Cast<byte, float>(p.Produce(new byte[p.Bytes])).ToArray())],
                MemoryMarshal.Cast<byte, float>(scratch));
            return scratch;
        }));
    }

    /// <summary>A constant that is no tensor of the checkpoint; equal ones are shared by name.</summary>
    public Value Constant(Initialiser initialiser) =>
        _constants.TryGetValue(initialiser.Name, out var known) ? known : _constants[initialiser.Name] = Add(initialiser);

    /// <summary>A one-dimensional constant of whole numbers.</summary>
    public Value Integers(params long[] values) =>
        Constant(Initialiser.Of($"integers_{string.Join('_', values)}", ElementType.Int64, [values.Length], values));

    /// <summary>A whole number without dimensions.</summary>
    public Value Integer(long value) => Constant(Initialiser.Of($"integer_{value}", ElementType.Int64, [], new[] { value }));

    /// <summary>A number without dimensions.</summary>
    public Value Number(float value) =>
        Constant(Initialiser.Of($"number_{value.ToString("R", CultureInfo.InvariantCulture)}", ElementType.Float, [], new[] { value }));

    /// <summary>Adds a node with one output.</summary>
    /// <param name="name">What the node computes; its output bears the same name.</param>
    /// <param name="operation">The operator's type.</param>
    /// <param name="inputs">Its inputs, in the operator's order; null for an optional one that is left out.</param>
    /// <param name="type">Element type of the output.</param>
    /// <param name="shape">Shape of the output.</param>
    public Value Node(
        string name,
        string operation,
        IReadOnlyList<Value?> inputs,
        ElementType type,
        IReadOnlyList<Dimension> shape,
        params IReadOnlyList<NodeAttribute> attributes)
    {
        var value = new Value(Unique(name), type, shape);
        var node = new NodeProto { Name = value.Name, OpType = operation };
        node.Input.Add(inputs.Select(i => i?.Name ?? ""));
        node.Output.Add(value.Name);
        node.Attribute.Add(attributes.Select(a => a.Proto));
        _graph.Node.Add(node);
        _graph.ValueInfo.Add(Describe(value));
        return value;
    }

    /// <summary>Adds a node with several outputs.</summary>
    /// <param name="outputs">Name, element type and shape of each.</param>
    public IReadOnlyList<Value> NodeWithOutputs(
        string name,
        string operation,
        IReadOnlyList<Value> inputs,
        params IReadOnlyList<(string Name, ElementType Type, IReadOnlyList<Dimension> Shape)> outputs) =>
        NodeOfDomain("", name, operation, inputs, [], outputs);

    /// <summary>Adds a node of an operator that is not ONNX's own, in the first version of its domain.</summary>
    /// <param name="domain">For example <c>com.microsoft</c>; empty for ONNX's own.</param>
    /// <param name="inputs">Its inputs, in the operator's order; null for an optional one that is left out.</param>
    /// <param name="outputs">Name, element type and shape of each.</param>
    public IReadOnlyList<Value> NodeOfDomain(
        string domain,
        string name,
        string operation,
        IReadOnlyList<Value?> inputs,
        IReadOnlyList<NodeAttribute> attributes,
        params IReadOnlyList<(string Name, ElementType Type, IReadOnlyList<Dimension> Shape)> outputs)
    {
        var values = outputs.Select(o => new Value(Unique(o.Name), o.Type, o.Shape)).ToArray();
        var node = new NodeProto { Name = name, OpType = operation };
        if (domain.Length > 0)
        {
            node.Domain = domain;
            _domains[domain] = 1;
        }
        node.Input.Add(inputs.Select(i => i?.Name ?? ""));
        node.Attribute.Add(attributes.Select(a => a.Proto));
        node.Output.Add(values.Select(v => v.Name));
        _graph.Node.Add(node);
        _graph.ValueInfo.Add(values.Select(Describe));
        return values;
    }

    /// <summary>Adds something the first time it is asked for under a name, and gives the same again from then on.</summary>
    public IReadOnlyList<Value> Once(string name, Func<string, IReadOnlyList<Value>> add) =>
        _once.TryGetValue(name, out var known) ? known : _once[name] = add(name);

    /// <summary>Makes a value an output of the graph.</summary>
    /// <param name="name">The output's name, which the value's node is made to bear.</param>
    /// <returns>The value under that name, for nodes that take it, too.</returns>
    public Value Output(string name, Value value)
    {
        var node = _graph.Node.Single(n => n.Output.Contains(value.Name));
        node.Output[node.Output.IndexOf(value.Name)] = Unique(name);
        _graph.ValueInfo.Remove(_graph.ValueInfo.Single(v => v.Name == value.Name));
        var output = value with { Name = name };
        _graph.Output.Add(Describe(output));
        Outputs = [.. Outputs, output];
        return output;
    }

    /// <summary>The model without its initialisers.</summary>
    internal ModelProto Finish(string name)
    {
        _graph.Name = name;
        var model = new ModelProto { IrVersion = 9, ProducerName = "ServeBench", Graph = _graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Version = OperatorSet });
        model.OpsetImport.Add(_domains.Select(d => new OperatorSetIdProto { Domain = d.Key, Version = d.Value }));
        return model;
    }

    private Initialiser Counted(string name, Initialiser initialiser)
    {
        if (_counted.Add(name)) Parameters += initialiser.Elements;
        return initialiser;
    }

    private Value Add(Initialiser initialiser)
    {
        _initialisers.Add(initialiser);
        return new Value(Unique(initialiser.Name), initialiser.Type, [.. initialiser.Shape.Select(d => (Dimension)d)]);
    }

    private string Unique(string name) =>
        _names.Add(name) ? name : throw new InvalidOperationException($"the graph has two values named '{name}'");

    private static ValueInfoProto Describe(Value value)
    {
        var shape = new TensorShapeProto();
        foreach (var dimension in value.Shape)
        {
            var proto = new TensorShapeProto.Types.Dimension();
            if (dimension.Symbol is { } symbol) proto.DimParam = symbol;
            else proto.DimValue = dimension.Size;
            shape.Dim.Add(proto);
        }
        return new ValueInfoProto
        {
            Name = value.Name,
            Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)value.Type, Shape = shape } }
        };
    }
}

/// <summary>An attribute of a node.</summary>
public sealed class NodeAttribute
{
    private NodeAttribute(AttributeProto proto) => Proto = proto;

    internal AttributeProto Proto { get; }

    public static NodeAttribute Of(string name, long value) =>
        new(new AttributeProto { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int });

    public static NodeAttribute Of(string name, float value) =>
        new(new AttributeProto { Name = name, F = value, Type = AttributeProto.Types.AttributeType.Float });

    public static NodeAttribute Of(string name, string value) =>
        new(new AttributeProto { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String });

    public static NodeAttribute Of(string name, IEnumerable<long> values)
    {
        var proto = new AttributeProto { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        proto.Ints.Add(values);
        return new NodeAttribute(proto);
    }
}
