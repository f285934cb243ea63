using System.Globalization;
using System.Text;

namespace ServeBench.OnnxServer.Metrics;

/// <summary>Writes metrics in the Prometheus text format, version 0.0.4.</summary>
internal sealed class PrometheusText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    private readonly StringBuilder _text = new();

    /// <summary>Begins a metric; its values follow.</summary>
    /// <param name="type"><c>counter</c>, <c>gauge</c> or <c>histogram</c>.</param>
    public PrometheusText Family(string name, string type, string help)
    {
        _text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");
        return this;
    }

    /// <param name="labels">Names and values, in pairs.</param>
    public PrometheusText Value(string name, double value, params ReadOnlySpan<string> labels)
    {
        _text.Append(name);
        AppendLabels(labels);
        _text.Append(CultureInfo.InvariantCulture, $" {value}\n");
        return this;
    }

    public PrometheusText Histogram(string name, Histogram histogram, params ReadOnlySpan<string> labels)
    {
        var counts = histogram.Counts();
        long below = 0;
        for (var i = 0; i < counts.Length; i++)
        {
            below += counts[i];
            var bound = i < histogram.Bounds.Count ? histogram.Bounds[i].ToString(CultureInfo.InvariantCulture) : "+Inf";
            Value($"{name}_bucket", below, [.. labels, "le", bound]);
        }
        Value($"{name}_sum", histogram.Sum, labels);
        return Value($"{name}_count", below, labels);
    }

    public override string ToString() => _text.ToString();

    private void AppendLabels(ReadOnlySpan<string> labels)
    {
        for (var i = 0; i < labels.Length; i += 2)
            _text.Append(i == 0 ? '{' : ',').Append(labels[i]).Append("=\"").Append(Escape(labels[i + 1])).Append('"');
        if (!labels.IsEmpty) _text.Append('}');
    }

    private static string Escape(string label) => label.Replace("\\", "\\\\").Replace("\"", "\\\"").Replace("\n", "\\n");
}
