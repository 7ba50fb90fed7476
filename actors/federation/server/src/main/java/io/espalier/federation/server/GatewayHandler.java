package io.espalier.federation.server;

import io.espalier.federation.protocol.Hello;
import io.espalier.federation.protocol.Progress;
import io.espalier.federation.protocol.Ready;
import io.espalier.federation.protocol.UploadHeader;
import io.espalier.federation.protocol.WorkFailed;
import io.espalier.federation.refusal.RefusalListener;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Makes the decisions of a {@link Gateway}. Called by several threads at once, but for one session
 * by one at a time: first attended, last left, each once. Methods must not block for long; an
 * exception ends the call that it concerns. {@link #refused} reports refusals of the gateway
 * itself, not those of this handler: for each client and reason the first at once, then once a
 * minute their number.
 */
public interface GatewayHandler extends RefusalListener {
  /**
   * A client has sent Hello in a version that both ends speak, and waits for Welcome or Refusal. An
   * older session of the same client has left before.
   */
  void attended(ClientSession session, Hello hello);

  void ready(ClientSession session, Ready ready);

  /** Reports the newest step count of a round, which rises; at most twice a second. */
  void progressed(ClientSession session, Progress progress);

  void failed(ClientSession session, WorkFailed failure);

  void left(ClientSession session);

  /**
   * The payload of a digest, if this client may have it. The file must not change any more, but may
   * be deleted.
   */
  Optional<Path> payload(String client, String digest);

  /** Decides whether a result may be uploaded; called again whenever an upload resumes. */
  CompletionStage<UploadVerdict> announced(String client, UploadHeader header);

  /**
   * Decides on a complete result. Its size and digest are checked and its bytes forced to disk. A
   * handler that accepts it must move the file away first, as the gateway deletes the rest.
   */
  CompletionStage<UploadVerdict> completed(String client, UploadHeader header, Path file);
}
