using System.Text;
using System.Xml;
using ServeBench.Measurement.Comparisons;

namespace ServeBench.Reports.Comparing;

/// <summary>
/// A comparison of runs as CI systems read tests: one test case for each stack, question and workload. A regression has failed;
/// what is undecided or was not measured was skipped.
/// </summary>
public static class DiffJUnit
{
    public static string Write(RunDiff diff)
    {
        var text = new Utf8Writer();
        using (var xml = XmlWriter.Create(text, new XmlWriterSettings { Indent = true, NewLineChars = "\n" }))
        {
            xml.WriteStartElement("testsuites");
            xml.WriteStartElement("testsuite");
            xml.WriteAttributeString("name", $"ServeBench {diff.Candidate.Results.Run.Group}");
            Count(xml, "tests", diff.Changes.Count);
            Count(xml, "failures", diff.Regressions.Count());
            Count(xml, "errors", 0);
            Count(xml, "skipped", diff.Changes.Count(IsSkipped));
            xml.WriteAttributeString("timestamp", diff.Candidate.Results.Run.StartedUtc.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss"));
            xml.WriteStartElement("properties");
            Property(xml, "baseline", diff.Baseline.Id);
            Property(xml, "candidate", diff.Candidate.Id);
            foreach (var d in diff.Differences) Property(xml, d.What, $"{d.Baseline} -> {d.Candidate}");
            xml.WriteEndElement();
            foreach (var change in diff.Changes) Case(xml, diff, change);
            xml.WriteEndElement();
            xml.WriteEndElement();
        }
        return text + "\n";
    }

    private static bool IsSkipped(RunChange change) => change.Verdict is ChangeVerdict.Undecided or ChangeVerdict.NotCompared;

    private static void Case(XmlWriter xml, RunDiff diff, RunChange change)
    {
        xml.WriteStartElement("testcase");
        xml.WriteAttributeString("classname", change.Stack);
        xml.WriteAttributeString("name", ChangeText.Question(diff, change));
        // How long it took is not what it tests.
        xml.WriteAttributeString("time", "0");
        if (change.Verdict == ChangeVerdict.Regression)
        {
            xml.WriteStartElement("failure");
            xml.WriteAttributeString("type", "regression");
            xml.WriteAttributeString("message", ChangeText.Sentence(diff, change));
            xml.WriteEndElement();
        }
        else if (IsSkipped(change))
        {
            xml.WriteStartElement("skipped");
            xml.WriteAttributeString("message", ChangeText.Sentence(diff, change));
            xml.WriteEndElement();
        }
        else
        {
            xml.WriteElementString("system-out", ChangeText.Sentence(diff, change));
        }
        xml.WriteEndElement();
    }

    private static void Count(XmlWriter xml, string name, int value) => xml.WriteAttributeString(name, $"{value}");

    private static void Property(XmlWriter xml, string name, string value)
    {
        xml.WriteStartElement("property");
        xml.WriteAttributeString("name", name);
        xml.WriteAttributeString("value", value);
        xml.WriteEndElement();
    }

    /// <summary>The declaration names the encoding that the file will have.</summary>
    private sealed class Utf8Writer : StringWriter
    {
        public override Encoding Encoding => Encoding.UTF8;
    }
}
