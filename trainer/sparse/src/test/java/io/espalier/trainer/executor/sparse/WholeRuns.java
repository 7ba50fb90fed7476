package io.espalier.trainer.executor.sparse;

import io.espalier.configs.recipe.RecipeLoader;
import io.espalier.masks.codec.MaskCodec;
import io.espalier.trainer.checkpoint.Checkpoint;
import io.espalier.trainer.checkpoint.Checkpoints;
import io.espalier.trainer.checkpoint.RunEpoch;
import io.espalier.trainer.file.Sha256;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.FinishedRun;
import io.espalier.trainer.run.LoopListener;
import io.espalier.trainer.run.SampleRuns;
import io.espalier.trainer.run.TrainingLoop;
import io.espalier.trainer.sparse.SparseNetwork;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A process that trains whole runs in plain Java, from their recipes to the evaluation of the test
 * set. It prints its kernels, and for each run its name and the digests of state and masks.
 *
 * <p>Without arguments it trains from start to end; with {@code begin DIRECTORY} it leaves a
 * checkpoint of each run there and goes no further; with {@code end DIRECTORY} it goes on from
 * these.
 */
final class WholeRuns {
  private static final String GRADUAL =
      "prune.schedule={kind=cubic,begin=10%,end=70%,updates=6,initial=0}";
  private static final String CONSTANT = "prune.schedule=constant";

  /** Name, recipe and overrides. */
  private static final Map<String, List<String>> RUNS =
      new TreeMap<>(
          Map.ofEntries(
              run(
                  "lenet-300-100, dense",
                  "digits",
                  "model=lenet-300-100",
                  "prune.sparsity=0%",
                  CONSTANT),
              run(
                  "lenet-300-100, gradual",
                  "digits",
                  "model=lenet-300-100",
                  "train.optimizer=adam",
                  "prune.sparsity=95%"),
              run(
                  "lenet-300-100, random regrowth",
                  "set",
                  "data={kind=digits,test=20%,batch-size=32}",
                  "prune.regrowth={kind=set,every=10,end=75%,fraction=30%}"),
              run(
                  "lenet-300-100, blocks",
                  "digits",
                  "model=lenet-300-100",
                  "train.trainers=1",
                  "prune.granularity=\"block 16x1\"",
                  "prune.sparsity=80%"),
              run(
                  "lenet-300-100, soft",
                  "digits",
                  "model=lenet-300-100",
                  "train.optimizer=adam",
                  "prune.mask={kind=soft,hidden-momentum=false}"),
              run(
                  "lenet-300-100, annealed",
                  "digits",
                  "model=lenet-300-100",
                  "prune.schedule={kind=cubic,begin=10%,end=30%,updates=3,initial=0}",
                  "prune.mask={kind=annealed,over=6}"),
              run(
                  "lenet-300-100, soft threshold",
                  "digits",
                  "model=lenet-300-100",
                  "prune.mask={kind=soft-threshold,initial=0.01}"),
              run(
                  "lenet-300-100, movement",
                  "digits",
                  "model=lenet-300-100",
                  "prune={mask=movement,score=movement}"),
              run(
                  "lenet-300-100, hard concrete",
                  "digits",
                  "model=lenet-300-100",
                  "prune.mask=hard-concrete"),
              run(
                  "lenet-300-100, transport",
                  "digits",
                  "model=lenet-300-100",
                  "prune.mask=transport"),
              run(
                  "lenet-300-100, keep logits",
                  "digits",
                  "model=lenet-300-100",
                  "prune.mask=keep-logits"),
              run(
                  "lenet-300-100, edge popup",
                  "digits",
                  "model=lenet-300-100",
                  "prune.mask=edge-popup"),
              run(
                  "resnet-8, dense",
                  "digits",
                  "model={kind=resnet-8,width=8}",
                  "prune.sparsity=0%",
                  CONSTANT),
              run(
                  "resnet-8, gradual",
                  "digits",
                  "model={kind=resnet-8,width=8}",
                  "prune.sparsity=90%"),
              run(
                  "resnet-8, live cuts",
                  "digits",
                  "model={kind=resnet-8,width=8}",
                  "prune.sparsity=50%",
                  "prune.granularity={kind=channel,cut=live,settle=2}"),
              run(
                  "resnet-20, gradual",
                  "digits",
                  "model={kind=resnet-20,width=4}",
                  "prune.sparsity=80%"),
              run(
                  "mobilenet, gradual",
                  "digits",
                  "model={kind=mobilenet,width=8}",
                  "prune.sparsity=80%"),
              run(
                  "char-lm, gradual",
                  "char-lm",
                  "data.batch-size=128",
                  "model={kind=char-lm,layers=1,features=32,heads=2}",
                  "train.learning-rate.warm-up=0",
                  GRADUAL),
              run(
                  "char-lm, soft",
                  "char-lm",
                  "data.batch-size=128",
                  "model={kind=char-lm,layers=1,features=32,heads=2}",
                  "train.learning-rate.warm-up=0",
                  "prune.mask=soft",
                  GRADUAL),
              run(
                  "tiny-vit, gradual",
                  "tiny-vit",
                  "data={kind=digits,test=20%,batch-size=32,validation=5%}",
                  "model={kind=tiny-vit,patch=2,layers=2,features=32,heads=2}",
                  "train.learning-rate.warm-up=0",
                  "prune.sparsity=80%",
                  GRADUAL)));

  private static Map.Entry<String, List<String>> run(String name, String... recipe) {
    return Map.entry(name, List.of(recipe));
  }

  private final Path directory;

  private WholeRuns(Path directory) {
    this.directory = directory;
  }

  public static void main(String[] arguments) throws IOException {
    System.out.println(SparseNetwork.machine());
    String part = arguments.length == 0 ? "all" : arguments[0];
    WholeRuns runs = new WholeRuns(Path.of(arguments.length == 0 ? "" : arguments[1]));
    for (Map.Entry<String, List<String>> each : RUNS.entrySet()) {
      PreparedRun run = prepared(each.getValue());
      String name = each.getKey();
      switch (part) {
        case "begin" -> runs.begin(name, run);
        case "end" -> print(name, runs.end(name, run));
        default -> print(name, TrainingLoop.run(run, LoopListener.NONE));
      }
    }
  }

  private static PreparedRun prepared(List<String> recipe) {
    List<String> overrides = new ArrayList<>(recipe.subList(1, recipe.size()));
    overrides.addAll(List.of("train.execution=java", "train.epochs=2"));
    return SampleRuns.prepare(new RecipeLoader().load(recipe.get(0), overrides).config());
  }

  private static void print(String name, FinishedRun finished) throws IOException {
    Committed end = finished.committed();
    System.out.println(
        "%s: state=%s masks=%s loss=%s"
            .formatted(
                name,
                end.digest(),
                Sha256.ofText(HexFormat.of().formatHex(MaskCodec.encodeFull(end.masks().masks()))),
                Double.toHexString(finished.test().loss())));
  }

  private static final class HalfWayException extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  private void begin(String name, PreparedRun run) {
    try {
      TrainingLoop.run(
          run,
          new LoopListener() {
            @Override
            public void committed(SyncOutcome outcome, Traffic traffic) {
              if (outcome.commit().step() >= run.plan().totalSteps() / 2) {
                write(name, run, outcome.committed(), traffic);
                throw new HalfWayException();
              }
            }
          });
      throw new IllegalStateException("the run must reach its half: " + name);
    } catch (HalfWayException e) {
      System.out.println(name + ": half-way");
    }
  }

  private void write(String name, PreparedRun run, Committed committed, Traffic traffic) {
    try {
      checkpoints(name, run).write(committed, traffic, 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private FinishedRun end(String name, PreparedRun run) {
    Checkpoint from =
        checkpoints(name, run)
            .latest(
                warning -> {
                  throw new IllegalStateException(warning);
                })
            .orElseThrow();
    return TrainingLoop.resume(run, from.committed(), from.traffic(), LoopListener.NONE);
  }

  private Checkpoints checkpoints(String name, PreparedRun run) {
    return Checkpoints.in(directory.resolve(name), run, "recipe of " + name, 1, RunEpoch.locked(1));
  }
}
