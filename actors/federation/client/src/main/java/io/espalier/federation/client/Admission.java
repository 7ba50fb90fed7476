package io.espalier.federation.client;

import io.espalier.federation.client.ClientCommand.Prepared;
import io.espalier.federation.protocol.Welcome;
import java.util.Optional;

/**
 * The state of a client's preparation for the run that its server welcomed it to. A client joins
 * once the server of this connection has welcomed it and its data and network are ready; both may
 * come first. Confined to the client.
 */
final class Admission {
  private Optional<Welcome> preparing = Optional.empty();
  private Optional<Prepared> prepared = Optional.empty();
  private boolean welcomed;

  /** The next step of a client. */
  enum Step {
    PREPARE,
    JOIN,
    WAIT
  }

  /** A connection begins: its server has not welcomed the client yet. */
  void connect() {
    welcomed = false;
  }

  Step welcome(Welcome welcome) {
    welcomed = true;
    if (prepared.filter(known -> known.welcome().equals(welcome)).isPresent()) {
      return Step.JOIN;
    }
    if (preparing.equals(Optional.of(welcome))) {
      return Step.WAIT;
    }
    preparing = Optional.of(welcome);
    prepared = Optional.empty();
    return Step.PREPARE;
  }

  /** Whether this is what the latest welcome asked for. */
  boolean accept(Prepared message) {
    if (!preparing.equals(Optional.of(message.welcome()))) {
      return false;
    }
    preparing = Optional.empty();
    prepared = Optional.of(message);
    return true;
  }

  boolean isWelcomed() {
    return welcomed;
  }

  Prepared prepared() {
    return prepared.orElseThrow();
  }
}
