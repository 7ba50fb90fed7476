package io.espalier.training;

import io.espalier.trainer.sync.SyncOutcome;
import io.espalier.training.transport.TransferId;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;

/** Sends commits to trainers: the header in a message, the bytes in a transfer that it names. */
final class CommitSender {
  private final long term;
  private final BiConsumer<TransferId, CompletionStage<Void>> onSend;

  /** Passes the completion of each transfer to {@code onSend}. */
  CommitSender(long term, BiConsumer<TransferId, CompletionStage<Void>> onSend) {
    this.term = term;
    this.onSend = onSend;
  }

  /** Sends a commit; the trainer's progress timeout starts anew. */
  void send(TrainerSlot slot, SyncOutcome outcome) {
    slot.progressed(System.nanoTime());
    TransferId id = slot.nextTransfer(term);
    onSend.accept(id, slot.lane().send(id, outcome.payload()));
    slot.actor().tell(new TrainerActor.ApplyCommit(outcome.commit(), id));
  }

  /** Sends a state for this trainer alone, which brings it to that of the others. */
  void prepare(TrainerSlot slot, SyncOutcome outcome) {
    slot.expectPreparation(outcome.committed().digest());
    send(slot, outcome);
  }
}
