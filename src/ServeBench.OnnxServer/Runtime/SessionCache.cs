using System.IO.Hashing;
using System.Text;
using Microsoft.ML.OnnxRuntime;
using ServeBench.Models.Inference;
using ServeBench.Models.Store;
using SessionOptions = Microsoft.ML.OnnxRuntime.SessionOptions;

namespace ServeBench.OnnxServer.Runtime;

/// <summary>
/// Keeps models as the runtime lays them out for this machine: the graph optimised, the weights packed for this processor's
/// kernels, in a file that is mapped into memory. A session of such a model starts several times sooner, holds only the pages
/// that it touches, and shares them with every other process that maps the file. What it computes is the same.
/// An entry's name contains the hash of everything that decides its content; it appears whole or not at all.
/// </summary>
/// <param name="root">The folder of the cache.</param>
internal sealed class SessionCache(string root)
{
    private const string Graph = "model.onnx";
    private const string Weights = "model.data";

    /// <summary>Written last: the lengths of both files, against which a damaged entry shows.</summary>
    private const string Seal = "whole";

    /// <returns>The graph's file of the entry; null when there is no whole one.</returns>
    public string? Find(ModelManifest manifest, SessionSettings settings)
    {
        var folder = Folder(manifest, settings);
        var seal = Path.Combine(folder, Seal);
        return File.Exists(seal) && File.ReadAllText(seal) == Lengths(folder) ? Path.Combine(folder, Graph) : null;
    }

    /// <summary>Has the runtime write an entry while it loads a model.</summary>
    /// <param name="options">The options of the session that is to be loaded from the original.</param>
    /// <param name="load">Loads the session.</param>
    public InferenceSession Fill(ModelManifest manifest, SessionSettings settings, SessionOptions options, Func<InferenceSession> load)
    {
        var folder = Folder(manifest, settings);
        var building = Path.Combine(root, $".building-{Guid.NewGuid():N}");
        Directory.CreateDirectory(building);
        try
        {
            options.OptimizedModelFilePath = Path.Combine(building, Graph);
            options.AddSessionConfigEntry("session.optimized_model_external_initializers_file_name", Weights);
            options.AddSessionConfigEntry("session.optimized_model_external_initializers_min_size_in_bytes", "1024");
            options.AddSessionConfigEntry("session.save_external_prepacked_constant_initializers", "1");
            var session = load();
            File.WriteAllText(Path.Combine(building, Seal), Lengths(building));
            // A damaged predecessor has this name, or another process was quicker; its entry is as good as this one.
            if (Directory.Exists(folder) && Find(manifest, settings) is null) Directory.Delete(folder, recursive: true);
            if (!Directory.Exists(folder)) Directory.Move(building, folder);
            return session;
        }
        finally
        {
            if (Directory.Exists(building)) Directory.Delete(building, recursive: true);
        }
    }

    private string Folder(ModelManifest manifest, SessionSettings settings)
    {
        var onnx = manifest.Files.Single(f => f.Name == manifest.OnnxFile);
        var key =
            $"{onnx.Sha256} {OrtEnv.Instance().GetVersionString()} {settings.Optimisation} {settings.FuseSkips} int8-exact {Processor()}";
        return Path.Combine(root, $"{manifest.Model}-{Convert.ToHexStringLower(XxHash128.Hash(Encoding.UTF8.GetBytes(key)))}");
    }

    /// <summary>What decides which kernels the runtime chooses, and so how weights are packed.</summary>
    private static string Processor()
    {
        const string Description = "/proc/cpuinfo";
        if (!File.Exists(Description))
            return Environment.GetEnvironmentVariable("PROCESSOR_IDENTIFIER")
                ?? System.Runtime.InteropServices.RuntimeInformation.OSArchitecture.ToString();
        string[] telling = ["vendor_id", "model name", "flags", "Features", "CPU implementer", "CPU part"];
        return string.Join(
            ' ',
            File.ReadLines(Description)
                .TakeWhile(l => l.Length > 0)
                .Where(l => telling.Any(t => l.StartsWith(t, StringComparison.Ordinal))));
    }

    private static string Lengths(string folder)
    {
        static string Length(string path) => File.Exists(path) ? $"{new FileInfo(path).Length}" : "missing";
        return $"{Length(Path.Combine(folder, Graph))} {Length(Path.Combine(folder, Weights))}\n";
    }
}
