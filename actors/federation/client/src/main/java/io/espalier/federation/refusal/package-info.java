/** Why a client or its message is refused, and how refusals are reported. */
package io.espalier.federation.refusal;
