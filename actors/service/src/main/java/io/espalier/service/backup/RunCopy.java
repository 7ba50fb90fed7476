package io.espalier.service.backup;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Copies the directory of a run that may train meanwhile, as it stands for an attempt that resumes
 * it: nothing is older than the newest checkpoint, and nothing is of a term that the journal's copy
 * has not issued. Checkpoints never change, and end by a rename.
 */
final class RunCopy {
  private static final int MOST_LOOKS = 50;
  private static final String SUMMARY = "summary.json";
  private static final String EVENTS = "events.jsonl";
  private static final Pattern CHECKPOINT = Pattern.compile("step-\\d{10}(?:-term-(\\d{10}))?");
  private static final Pattern EPOCH = Pattern.compile("\\d{1,18}");
  private static final Pattern PER_TERM =
      Pattern.compile("events\\.(?:lock|shipping|offset)-(\\d{1,18})");

  private final Path from;
  private final Path to;
  private final long term;
  private final boolean finished;

  /** Copies to {@code to}, up to {@code term}, which is that of the journal's copy. */
  RunCopy(Path from, Path to, long term) {
    this.from = from;
    this.to = to;
    this.term = term;
    this.finished = Files.exists(from.resolve(SUMMARY));
  }

  void run() throws IOException {
    Files.createDirectories(to);
    // A checkpoint counts by the run epochs; events and kept files are never older than one.
    FileTree.copy(from.resolve("reigns"), to.resolve("reigns"), this::isEpoch);
    FileTree.copy(from, to, file -> isIn(file) && isPerTerm(file));
    checkpoints();
    FileTree.copy(from, to, this::isOther);
    FileTree.copyIfThere(from.resolve(EVENTS), to.resolve(EVENTS));
  }

  private boolean isEpoch(Path file) {
    String name = name(file);
    return EPOCH.matcher(name).matches() && Long.parseLong(name) <= term;
  }

  private boolean isIn(Path file) {
    return from.equals(file.getParent());
  }

  private boolean isPerTerm(Path file) {
    Matcher name = PER_TERM.matcher(name(file));
    return name.matches() && Long.parseLong(name.group(1)) <= term;
  }

  /** A summary that was not there at first may be newer than what was copied before. */
  private boolean isOther(Path file) {
    String name = name(file);
    boolean copied =
        isIn(file)
            && (name.equals("checkpoints")
                || name.equals("reigns")
                || name.equals(EVENTS)
                || PER_TERM.matcher(name).matches()
                || (name.equals(SUMMARY) && !finished));
    return !copied && !name.startsWith(".") && !name.endsWith(".part") && !name.equals("incoming");
  }

  private void checkpoints() throws IOException {
    Path all = from.resolve("checkpoints");
    FileTree.copy(all.resolve("final"), to.resolve("checkpoints/final"), file -> finished);
    for (int look = 1; Files.isDirectory(all); look++) {
      boolean any = false;
      List<Path> newestFirst = places(all);
      for (Path place : newestFirst) {
        any |= copy(place);
      }
      if (any || newestFirst.isEmpty()) {
        return;
      }
      if (look == MOST_LOOKS) {
        throw new IOException(
            "a checkpoint must stay while it is copied: directory=%s; raise train.keep-checkpoints or train.checkpoint-every"
                .formatted(all));
      }
    }
  }

  private List<Path> places(Path all) throws IOException {
    try (Stream<Path> places = Files.list(all)) {
      return places
          .filter(place -> isOfTerm(CHECKPOINT.matcher(name(place))))
          .sorted(Comparator.comparing(RunCopy::name).reversed())
          .toList();
    }
  }

  private boolean isOfTerm(Matcher checkpoint) {
    return checkpoint.matches()
        && Optional.ofNullable(checkpoint.group(1)).map(Long::parseLong).orElse(0L) <= term;
  }

  /** Returns whether it stayed until it was copied. */
  private boolean copy(Path place) throws IOException {
    Path target = to.resolve("checkpoints").resolve(name(place));
    if (Files.exists(target)) {
      return true;
    }
    Path beside = target.resolveSibling("." + name(place) + ".copied");
    FileTree.delete(beside);
    Files.createDirectories(beside);
    try (Stream<Path> files = Files.list(place)) {
      for (Path file : files.toList()) {
        Files.copy(file, beside.resolve(name(file)), StandardCopyOption.COPY_ATTRIBUTES);
      }
    } catch (NoSuchFileException e) {
      FileTree.delete(beside);
      return false;
    }
    if (!Files.isDirectory(place)) {
      // Listed while it was being deleted, and so perhaps in part.
      FileTree.delete(beside);
      return false;
    }
    Files.move(beside, target);
    return true;
  }

  private static String name(Path path) {
    return String.valueOf(path.getFileName());
  }
}
