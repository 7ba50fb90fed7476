package io.espalier.federation.server;

import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.WorkFailed;
import io.espalier.federation.transfer.RefusalListener;
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
public interface GatewayHandler extends RefusalListener {
  /**
   * A client has said Hello in a version that both speak. It waits for Welcome or Refusal. An older
   * session of the same client has left before.
   */
  void attended(ClientSession session, Hello hello);

  /** Called once. */
  void ready(ClientSession session, Ready ready);

  /** Of a round's steps, which rise: the newest, twice a second at most. */
  void progressed(ClientSession session, Progress progress);

  /** The client has no result for its task, and will not have one. */
  void failed(ClientSession session, WorkFailed failure);

  /** The session is over, whoever ended it. */
  void left(ClientSession session);

  /**
   * The payload of a digest, if this client may have it. The file's bytes must not change any more,
   * though it may be deleted.
   */
  Optional<Path> payload(String client, String digest);

  /** Whether a result may be uploaded. Asked again whenever the upload goes on after a break. */
  CompletionStage<UploadVerdict> announced(String client, UploadHeader header);

  /**
   * What becomes of a result. Its size and digest are checked and its bytes forced to disk; whoever
   * accepts it moves the file away first, as the gateway deletes what is left.
   */
  CompletionStage<UploadVerdict> completed(String client, UploadHeader header, Path file);
}
