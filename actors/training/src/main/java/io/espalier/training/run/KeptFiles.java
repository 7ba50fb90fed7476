package io.espalier.training.run;

import io.espalier.configs.KeepConfig;
import io.espalier.masks.MaskSet;
import io.espalier.trainer.model.MaskFile;
import io.espalier.trainer.model.ModelFile;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.ValidationRecord.Score;
import io.espalier.training.KeptStates;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayDeque;
import java.util.Optional;

/**
 * Writes the best state and all versions of the masks into the run's directory, where the recipe
 * asks for them. {@link #flush} comes before each checkpoint: a run that resumes writes the later
 * ones again, with the same bytes. Thread-safe.
 */
final class KeptFiles implements KeptStates {
  private final RunDirectory directory;
  private final PreparedRun run;
  private final String recipe;
  private final boolean everyMask;
  private final Object writing = new Object();
  private final ArrayDeque<MaskSet> masks = new ArrayDeque<>();
  private Optional<Best> best = Optional.empty();

  private record Best(Committed committed, Score score) {}

  KeptFiles(RunDirectory directory, PreparedRun run, String recipe) {
    this.directory = directory;
    this.run = run;
    this.recipe = recipe;
    this.everyMask = run.config().train().keep().masks() == KeepConfig.Masks.ALL;
  }

  @Override
  public synchronized void masksChanged(MaskSet changed) {
    if (everyMask) {
      masks.add(changed);
    }
  }

  @Override
  public synchronized void improved(Committed committed, Score score) {
    best = Optional.of(new Best(committed, score));
  }

  /** Writes what waits; a failure leaves it waiting. */
  void flush() {
    synchronized (writing) {
      try {
        for (Optional<MaskSet> next = nextMasks(); next.isPresent(); next = nextMasks()) {
          write(next.get());
        }
        Optional<Best> waiting = waitingBest();
        if (waiting.isPresent()) {
          write(waiting.get());
        }
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private synchronized Optional<MaskSet> nextMasks() {
    return Optional.ofNullable(masks.peek());
  }

  private synchronized Optional<Best> waitingBest() {
    return best;
  }

  private void write(MaskSet next) throws IOException {
    directory.requireRunEpoch();
    Files.createDirectories(directory.maskVersions());
    MaskFile.write(directory.masks(next.version()), next);
    synchronized (this) {
      masks.remove();
    }
  }

  private void write(Best written) throws IOException {
    directory.requireRunEpoch();
    ModelFile.writeBest(directory.best(), run, written.committed(), recipe, written.score());
    synchronized (this) {
      best = best.filter(waiting -> !waiting.equals(written));
    }
  }
}
