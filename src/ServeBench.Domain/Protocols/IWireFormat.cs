using ServeBench.Domain.Yaml;

namespace ServeBench.Domain.Protocols;

/// <summary>
/// How requests and answers travel, with the settings of one protocol. Opaque to the catalogue: whoever loads servers made it and
/// casts it back (ServeBench.Load, Wire/).
/// </summary>
public interface IWireFormat
{
    /// <summary>As protocol files name it under <c>transport:</c>.</summary>
    string Name { get; }

    /// <summary>Whether answers have events whose text a stack's outcome rules can look at.</summary>
    bool HasTextEvents { get; }
}

/// <summary>Reads the part of a protocol file that depends on its wire format: <c>request:</c> and <c>response:</c>.</summary>
public interface IWireFormatReader
{
    /// <summary>The name by which a file chooses this wire format.</summary>
    string Name { get; }

    /// <summary>Reads the sections, adding faults for what is wrong, and calls <see cref="YamlMapping.Done"/> on each of them.</summary>
    /// <param name="file">The whole file; its other keys have been read.</param>
    /// <param name="variables">What the templates of a request may name.</param>
    /// <param name="values">What the sections may say of an answer.</param>
    IWireFormat Read(YamlMapping file, IReadOnlyCollection<string> variables, IReadOnlyList<AnswerValue> values);
}
