package io.espalier.service.node;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import io.espalier.service.journal.Journal;
import io.espalier.service.notice.NoticeSettings;
import io.espalier.service.run.NodeOffer;
import io.espalier.service.run.Retention;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Settings of a node.
 *
 * @param runs directory of the runs' directories; nodes of a cluster share it
 * @param data directories below which recipes may name files
 * @param mostWaiting runs that may be queued or paused
 * @param overlay over the settings of the actor system; a node without seed nodes joins itself
 */
public record ServiceSettings(
    Path directory,
    Path runs,
    NodeOffer offer,
    List<Path> data,
    Retention retention,
    int mostWaiting,
    Journal.Settings journal,
    Config overlay,
    NoticeSettings notices) {
  private static final int KEPT_RUNS = 1_000;
  private static final int MOST_WAITING = 1_000;

  public ServiceSettings {
    data = List.copyOf(data);
  }

  /** A node by itself, with its journal in a file. */
  public static ServiceSettings of(Path directory, NodeOffer offer) {
    Path absolute = directory.toAbsolutePath().normalize();
    return new ServiceSettings(
        absolute,
        absolute.resolve("runs"),
        offer,
        List.of(absolute.resolve("data")),
        new Retention(KEPT_RUNS, Optional.empty()),
        MOST_WAITING,
        new Journal.Embedded(absolute.resolve("journal")),
        ConfigFactory.empty(),
        NoticeSettings.NONE);
  }

  boolean clustered() {
    return overlay.hasPath("akka.cluster.seed-nodes");
  }

  public ServiceSettings withData(List<Path> directories) {
    return new ServiceSettings(
        directory, runs, offer, directories, retention, mostWaiting, journal, overlay, notices);
  }

  public ServiceSettings withRetention(Retention kept) {
    return new ServiceSettings(
        directory, runs, offer, data, kept, mostWaiting, journal, overlay, notices);
  }

  public ServiceSettings withMostWaiting(int most) {
    return new ServiceSettings(
        directory, runs, offer, data, retention, most, journal, overlay, notices);
  }

  public ServiceSettings withJournal(Journal.Settings database) {
    return new ServiceSettings(
        directory, runs, offer, data, retention, mostWaiting, database, overlay, notices);
  }

  public ServiceSettings withOverlay(Config over) {
    return new ServiceSettings(
        directory, runs, offer, data, retention, mostWaiting, journal, over, notices);
  }

  public ServiceSettings withRuns(Path shared) {
    return new ServiceSettings(
        directory, shared, offer, data, retention, mostWaiting, journal, overlay, notices);
  }

  public ServiceSettings withNotices(NoticeSettings destinations) {
    return new ServiceSettings(
        directory, runs, offer, data, retention, mostWaiting, journal, overlay, destinations);
  }
}
