using ServeBench.OnnxServer;

return await ServerProgram.RunAsync(args, Console.Out, Console.Error);
