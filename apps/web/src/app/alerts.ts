import type { Store } from '../state/store.ts';
import type { FeedFrame } from '../stream/frame.ts';
import { isPreferred } from './preferences.ts';
import { roomHash } from './route.ts';

/** Two soft tones a fourth apart: Hz, and seconds from the start. */
const TONES = [
  { pitch: 587.33, at: 0 },
  { pitch: 783.99, at: 0.09 },
] as const;
const TONE_SECONDS = 0.35;
const LOUDNESS = 0.05;

/** Makes an event heard where its room is not on the screen, and seen where the page is not. */
export function createAlert(store: Store): (frame: FeedFrame) => void {
  let audio: AudioContext | undefined;
  return (frame) => {
    const state = store.state();
    const roomId = 'roomId' in frame.data ? frame.data.roomId : undefined;
    if (roomId !== undefined && roomId === state.watching) return;
    if (isPreferred(localStorage, 'sound')) {
      audio ??= new AudioContext();
      // Suspended until the person has touched the page: browsers keep it silent until then.
      if (audio.state === 'running') ring(audio);
      else void audio.resume();
    }
    if (frame.type === 'message.chat.sent' && document.hidden) notify(store, frame);
  };
}

function ring(audio: AudioContext): void {
  for (const { pitch, at } of TONES) {
    const start = audio.currentTime + at;
    const tone = new OscillatorNode(audio, { type: 'sine', frequency: pitch });
    const volume = new GainNode(audio, { gain: 0 });
    volume.gain.setValueAtTime(0, start);
    volume.gain.linearRampToValueAtTime(LOUDNESS, start + 0.02);
    volume.gain.exponentialRampToValueAtTime(0.0001, start + TONE_SECONDS);
    tone.connect(volume).connect(audio.destination);
    tone.start(start);
    tone.stop(start + TONE_SECONDS);
  }
}

function notify(store: Store, frame: Extract<FeedFrame, { type: 'message.chat.sent' }>): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return;
  if (!isPreferred(localStorage, 'notifications')) return;
  const { roomId, userId, text } = frame.data;
  const { people, rooms } = store.state();
  const name = people[userId]?.displayName ?? 'Sori';
  const room = rooms[roomId];
  const title = room?.kind === 'group' ? `${name} · ${room.name}` : name;
  // One of a room at a time: the last says it all.
  const notification = new Notification(title, { body: text, tag: roomId, icon: '/favicon.svg' });
  notification.addEventListener('click', () => {
    window.focus();
    location.hash = roomHash(roomId);
    notification.close();
  });
}
