package io.espalier.trainer.checkpoint;

import io.espalier.configs.InvalidConfigException;
import io.espalier.trainer.prepare.PreparedRun;
import io.espalier.trainer.run.CodeVersion;
import io.espalier.trainer.sync.Committed;
import io.espalier.trainer.sync.Traffic;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The checkpoints of one run, each a directory {@code step-0000000120} of
 *
 * <pre>
 * state.safetensors   values and optimizer moments, F32
 * masks.bin           the mask set, as MaskCodec writes it in full
 * annealing.bin       the units that still anneal, as AnnealingCodec writes them
 * channels.bin        in place of these two, where the run prunes channels, as ChannelCodec writes them
 * stream.json         offsets of what was read; only where the examples are a stream
 * manifest.json       what they are, and their SHA-256
 * </pre>
 *
 * <p>A checkpoint is filled beside its place, forced to disk and renamed, so a directory of that
 * name is complete whenever the process or the machine stops. Older ones are deleted only after the
 * newer is in place.
 *
 * <p>Not thread-safe; one process at a time, which the lock of the run directory sees to, or a
 * {@link RunEpoch}.
 */
public final class Checkpoints {
  private static final int MOST_LOOKS = 20;

  private final RunEpoch reign;
  private final CheckpointDirectory directory;
  private final CheckpointWriter writer;
  private final CheckpointReader reader;
  private final int keep;

  private Checkpoints(
      Path directory, PreparedRun run, RunIdentity identity, int keep, RunEpoch reign) {
    this.reign = reign;
    this.directory = new CheckpointDirectory(directory, reign);
    this.writer = new CheckpointWriter(run, identity, reign);
    this.reader = new CheckpointReader(run, identity);
    this.keep = keep;
  }

  /**
   * Opens the checkpoints in {@code directory}, which need not exist yet.
   *
   * @param recipeText the resolved recipe: a checkpoint of another one is refused
   * @param keep checkpoints that are retained, 1 or more
   */
  public static Checkpoints in(
      Path directory, PreparedRun run, String recipeText, int keep, RunEpoch reign) {
    if (keep < 1) {
      throw new IllegalArgumentException("checkpoints to keep must be 1 or more: keep=" + keep);
    }
    return new Checkpoints(directory, run, RunIdentity.of(run, recipeText), keep, reign);
  }

  /**
   * Writes a state that all trainers hold; on return it is on disk.
   *
   * @param trainedSeconds wall time of the run so far, over all its attempts
   * @throws FencedException if a later run epoch has begun
   */
  public WrittenCheckpoint write(Committed committed, Traffic traffic, double trainedSeconds)
      throws IOException {
    Path written = place(committed, traffic, trainedSeconds);
    directory.retain(committed.step(), keep);
    return new WrittenCheckpoint(committed.step(), written, writer.bytes(written));
  }

  private Path place(Committed committed, Traffic traffic, double trainedSeconds)
      throws IOException {
    Path beside = directory.begin(committed.step());
    try {
      writer.write(beside, committed, traffic, trainedSeconds);
      return directory.finish(beside, committed.step());
    } catch (IOException | FencedException e) {
      directory.abandon();
      throw e;
    }
  }

  /**
   * Returns the newest intact checkpoint of the run's history. In a shared run epoch its files are linked under this epoch's name.
   *
   * @param warnings receives each damaged checkpoint, and a code version other than this one
   * @throws InvalidConfigException if that checkpoint is of another recipe, data set or network
   */
  public Optional<Checkpoint> latest(Consumer<String> warnings) {
    return latest(warnings, MOST_LOOKS);
  }

  private Optional<Checkpoint> latest(Consumer<String> warnings, int looks) {
    try {
      return look(warnings);
    } catch (NoSuchFileException e) {
      if (looks == 1) {
        throw new UncheckedIOException("checkpoints must stay while they are read", e);
      }
      // Whoever deleted it has put a newer one into its place before.
      return latest(warnings, looks - 1);
    }
  }

  private Optional<Checkpoint> look(Consumer<String> warnings) throws NoSuchFileException {
    for (CheckpointDirectory.Place place : directory.newestFirst()) {
      try {
        if (directory.counts(place)) {
          Path path = reign.isShared() ? directory.adopt(place) : place.path();
          Checkpoint checkpoint = reader.read(path, place.step());
          warnOfVersion(checkpoint, path, warnings);
          return Optional.of(checkpoint);
        }
      } catch (IOException e) {
        if (reign.isShared() && !Files.exists(place.path())) {
          throw new NoSuchFileException(place.path().toString());
        }
        warnings.accept(
            "%s is damaged, so the newest one before it is looked for: %s"
                .formatted(place.path(), e.getMessage()));
      }
    }
    return Optional.empty();
  }

  private static void warnOfVersion(Checkpoint found, Path path, Consumer<String> warnings) {
    if (!found.codeVersion().equals(CodeVersion.current())) {
      warnings.accept(
          "%s was written by another version, so the run may not go on to the same bits: written by %s, this is %s"
              .formatted(path, found.codeVersion(), CodeVersion.current()));
    }
  }
}
