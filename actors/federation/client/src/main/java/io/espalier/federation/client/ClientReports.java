package io.espalier.federation.client;

import io.espalier.federation.client.ClientCommand.Progressed;
import java.util.function.Consumer;

/** Reports of a client's work, to its user and, while it is joined, to the server. */
record ClientReports(ReconnectingStream stream, Consumer<ClientEvent> listener) {
  void report(ClientEvent event) {
    listener.accept(event);
  }

  void progressed(Progressed message) {
    if (stream.isJoined()) {
      stream.send(ClientMessages.progress(message));
    }
  }

  /** Work that failed here: the server and the user are to know. */
  void failed(String round, String cause) {
    sendFailure(round, cause);
    report(new ClientEvent.WorkFailed(round, cause));
  }

  void sendFailure(String round, String cause) {
    if (stream.isJoined()) {
      stream.send(ClientMessages.failed(round, cause));
    }
  }
}
