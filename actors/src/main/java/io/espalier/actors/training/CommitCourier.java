package io.espalier.actors.training;

import io.espalier.actors.transport.TransferId;
import io.espalier.actors.transport.Transport;
import io.espalier.trainer.sync.SyncOutcome;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;

/** Brings commits to trainers: the head in a message, the bytes in a transfer that it names. */
final class CommitCourier {
  private final Transport transport;
  private final long term;
  private final Consumer<CompletionStage<Void>> onSend;

  /**
   * @param onSend is given the completion of each transfer
   */
  CommitCourier(Transport transport, long term, Consumer<CompletionStage<Void>> onSend) {
    this.transport = transport;
    this.term = term;
    this.onSend = onSend;
  }

  /** Sends a commit; the trainer's time to make progress starts anew. */
  void send(TrainerSlot slot, SyncOutcome outcome) {
    slot.progressed(System.nanoTime());
    TransferId id = slot.nextTransfer(term);
    onSend.accept(transport.send(id, outcome.payload()));
    slot.actor().tell(new TrainerActor.ApplyCommit(outcome.commit(), id));
  }

  /** Sends a state that only brings a trainer level with the others. */
  void prepare(TrainerSlot slot, SyncOutcome outcome) {
    slot.expectPreparation(outcome.committed().digest());
    send(slot, outcome);
  }
}
