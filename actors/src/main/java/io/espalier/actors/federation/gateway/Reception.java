package io.espalier.actors.federation.gateway;

import io.espalier.actors.federation.protocol.Hello;
import io.espalier.actors.federation.protocol.Progress;
import io.espalier.actors.federation.protocol.Ready;
import io.espalier.actors.federation.protocol.UploadHeader;
import io.espalier.actors.federation.protocol.WorkFailed;
import io.espalier.actors.federation.transfer.Refusals;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Decides what the {@link Gateway} does. Called by several threads at once, but about one session
 * by one at a time: first attended, last left, each once. Methods must not block for long; an
 * exception ends the call that it concerns.
 *
 * <p>{@link #refused} hears of what the gateway itself refuses, not of refusals that come from
 * here; of one client and reason at once of the first, and once a minute how many more there were.
 */
public interface Reception extends Refusals {
  /**
   * A client has said Hello in a version that both speak. It waits for Welcome or Refusal. An older
   * session of the same client has left before.
   */
  void attended(Session session, Hello hello);

  /** Called once. */
  void ready(Session session, Ready ready);

  /** Of a round's steps, which rise: the newest, twice a second at most. */
  void progressed(Session session, Progress progress);

  /** The client has no result for its task, and will not have one. */
  void failed(Session session, WorkFailed failure);

  /** The session is over, whoever ended it. */
  void left(Session session);

  /**
   * The payload of a digest, if this client may have it. The file's bytes must not change any more,
   * though it may be deleted.
   */
  Optional<Path> payload(String client, String digest);

  /** Whether a result may be uploaded. Asked again whenever the upload goes on after a break. */
  CompletionStage<Admission> announced(String client, UploadHeader header);

  /**
   * What becomes of a result. Its size and digest are checked and its bytes forced to disk; whoever
   * accepts it moves the file away first, as the gateway deletes what is left.
   */
  CompletionStage<Verdict> completed(String client, UploadHeader header, Path file);
}
