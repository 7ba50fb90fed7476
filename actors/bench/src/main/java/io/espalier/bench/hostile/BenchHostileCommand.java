package io.espalier.bench.hostile;

import io.espalier.bench.harness.BenchDirectory;
import io.espalier.bench.harness.BenchOutput;
import io.espalier.cli.console.TextTable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "hostile",
    description = {
      "Gives broken and hostile input to what reads it, each in a process of 512 MB heap: recipes,"
          + " safetensors, masks, ONNX, CSV, IDX and images to commands, results of devices and"
          + " payloads for them to their decoders, and sessions of devices to a gateway. All are"
          + " valid ones with bits flipped, cut, repeated and joined.",
      "",
      "Each must be read or refused, files with exit code 0, 1 or 2, within 20 s, without a stack"
          + " trace and without a file left behind; a good device must be answered in between."
          + " Attack n of a seed is always the same. 'bench wire' plays sessions for a given time."
    })
public final class BenchHostileCommand implements Callable<Integer> {
  private static final int SHOWN = 20;

  @Option(
      names = "--inputs",
      paramLabel = "N",
      defaultValue = "10000",
      description = "Of all kinds together (default: ${DEFAULT-VALUE}).")
  private int inputs;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Of the mutations (default: ${DEFAULT-VALUE}).")
  private long seed;

  @Mixin private BenchOutput output;

  @Override
  public Integer call() throws IOException, InterruptedException {
    InputKind[] kinds = InputKind.values();
    output.require(
        inputs >= kinds.length, "--inputs must be %d or more: inputs=%d", kinds.length, inputs);
    List<Outcome> outcomes = new ArrayList<>();
    try (BenchDirectory scratch = BenchDirectory.in(output.directory());
        Attacks attacks = Attacks.start(scratch, seed);
        FrameAttacks frames = new FrameAttacks(scratch, seed)) {
      for (InputKind kind : kinds) {
        output.say("%s …", kind);
        Outcome outcome =
            kind == InputKind.FRAMES
                ? frames.on(inputs / kinds.length)
                : attacks.on(kind, inputs / kinds.length);
        outcome.failures().stream().limit(SHOWN).forEach(failure -> output.say("%s", failure));
        outcomes.add(outcome);
      }
    }
    output.finish(table(outcomes), outcomes.stream().map(BenchHostileCommand::map).toList());
    return outcomes.stream().allMatch(outcome -> outcome.failures().isEmpty())
        ? ExitCode.OK
        : ExitCode.SOFTWARE;
  }

  private static String table(List<Outcome> outcomes) {
    TextTable table =
        TextTable.withHeader(
            List.of(
                "kind",
                "inputs",
                "read",
                "refused",
                "stack traces",
                "beyond 20 s",
                "files left",
                "longest",
                "peak memory"));
    for (Outcome each : outcomes) {
      table.row(
          List.of(
              each.kind().toString(),
              String.valueOf(each.inputs()),
              String.valueOf(each.counts().read()),
              String.valueOf(each.counts().refused()),
              String.valueOf(each.counts().unexpected()),
              String.valueOf(each.counts().hung()),
              String.valueOf(each.counts().left()),
              String.format(Locale.ROOT, "%.1f s", each.longestSeconds()),
              "%d MB".formatted(each.peakBytes() >> 20)));
    }
    return table.markdown();
  }

  private static Map<String, Object> map(Outcome outcome) {
    Map<String, Object> facts = new LinkedHashMap<>();
    facts.put("kind", outcome.kind().toString());
    facts.put("inputs", outcome.inputs());
    facts.put("read", outcome.counts().read());
    facts.put("refused", outcome.counts().refused());
    facts.put("stackTraces", outcome.counts().unexpected());
    facts.put("hung", outcome.counts().hung());
    facts.put("filesLeft", outcome.counts().left());
    facts.put("longestSeconds", outcome.longestSeconds());
    facts.put("peakBytes", outcome.peakBytes());
    return facts;
  }
}
