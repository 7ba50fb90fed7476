package io.espalier.masks.channel;

/** When the sign of scores is dropped; scores without a sign are not touched by either. */
public enum SignHandling {
  /** Each value's own, before they are reduced: what points in different ways adds up. */
  OF_EACH,
  /** That of the channel's score: what points in different ways cancels, between members too. */
  OF_RESULT
}
