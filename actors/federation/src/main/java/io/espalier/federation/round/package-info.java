/** Rounds: cohort, session, device tiers and events. */
package io.espalier.federation.round;
