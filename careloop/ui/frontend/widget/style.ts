/** The widget's look, on top of the workspace's brand (four custom properties, for day and night). */
export const STYLE = `
:host { all: initial; color-scheme: light dark; --surface: light-dark(#fff, #1c1b18); --sunken: light-dark(#f1eeea, #25231f);
  --ink: light-dark(#211e1a, #eeebe6); --soft: light-dark(#5a534a, #b8b1a7); --line: light-dark(#8f877c, #7f786d); --bad: light-dark(#b0271f, #ffa196);
  font: 16px/1.5 system-ui, "Pretendard", "Noto Sans KR", "Noto Sans SC", sans-serif; color: var(--ink); }
* { box-sizing: border-box; font: inherit; color: inherit; }
[hidden] { display: none !important; }
:focus-visible { outline: 3px solid light-dark(#1d5cb0, #8fbcf7); outline-offset: 2px; }
button { cursor: pointer; border: 0; border-radius: 10px; background: none; min-height: 44px; min-width: 44px; padding: 0 12px; }
.main { background: var(--brand-accent); color: var(--brand-on-accent); font-weight: 600; }
.plain { color: var(--brand-text); text-align: start; }
.launch { position: fixed; inset: auto max(16px, env(safe-area-inset-right)) calc(max(16px, env(safe-area-inset-bottom)) + var(--careloop-chat-lift, 0px)) auto; width: 60px; height: 60px; border-radius: 50%;
  box-shadow: 0 4px 16px #0004; z-index: 2147483000; padding: 0; display: grid; place-items: center; }
.launch svg { width: 28px; height: 28px; }
.count { position: absolute; top: -4px; right: -4px; background: var(--bad); color: light-dark(#fff, #211e1a); border-radius: 99px; min-width: 24px; line-height: 24px; font-size: 14px; }
.invite { position: fixed; inset: auto 16px calc(88px + var(--careloop-chat-lift, 0px)) auto; max-width: min(300px, calc(100vw - 32px)); background: var(--surface); border: 1px solid var(--line); border-radius: 14px; padding: 12px; z-index: 2147483000; box-shadow: 0 4px 16px #0003; }
.panel { position: fixed; inset: auto 16px calc(88px + var(--careloop-chat-lift, 0px)) auto; width: 380px; max-width: calc(100vw - 32px); height: 600px; max-height: calc(100dvh - 104px - var(--careloop-chat-lift, 0px)); display: flex; flex-direction: column;
  background: var(--surface); border: 1px solid var(--line); border-radius: 16px; overflow: hidden; z-index: 2147483001; box-shadow: 0 8px 32px #0004; }
:host([side=left]) .launch { right: auto; left: max(16px, env(safe-area-inset-left)); }
:host([side=left]) .invite { right: auto; left: 16px; }
@media (min-width: 481px) { :host([side=left]) .panel { right: auto; left: 16px; } }
@media (max-width: 480px) { .panel { inset: 0; width: auto; max-width: none; height: 100dvh; max-height: none; border: 0; border-radius: 0; } }
header { display: flex; align-items: center; background: var(--brand-accent); color: var(--brand-on-accent); padding: 4px 4px 4px 16px; }
h2 { flex: 1; margin: 0; font-weight: 600; font-size: 17px; overflow-wrap: anywhere; }
.about, .note { padding: 8px 16px; background: var(--sunken); color: var(--soft); margin: 0; font-size: 15px; }
.call { background: var(--sunken); padding: 0 16px; } .call .plain { padding: 0; } .call form { padding-bottom: 12px; }
.panel > .plain { background: var(--sunken); padding: 0 16px; border-radius: 0; }
.note.bad { color: var(--bad); }
.body { flex: 1; overflow-y: auto; padding: 16px; overscroll-behavior: contain; }
ol { list-style: none; margin: 0; padding: 0; display: grid; gap: 8px; }
li { display: grid; justify-items: start; }
li.you { justify-items: end; }
.text { margin: 0; max-width: 85%; padding: 8px 12px; border-radius: 14px; background: var(--sunken); white-space: pre-wrap; overflow-wrap: anywhere; }
li img { display: block; max-width: 100%; max-height: 220px; border-radius: 10px; margin-bottom: 4px; }
.text a { color: inherit; text-decoration: underline; }
.you .text { background: var(--brand-soft); }
.who { font-size: 13px; color: var(--soft); }
form { display: grid; gap: 12px; }
.compose { display: flex; flex-wrap: wrap; gap: 4px; align-items: end; padding: 8px; border-top: 1px solid var(--line); }
.compose textarea { flex: 1 1 100%; }
.compose .main { margin-inline-start: auto; }
label { display: grid; gap: 4px; font-size: 15px; }
input, textarea { width: 100%; border: 1px solid var(--line); border-radius: 10px; padding: 10px; background: var(--surface); font-size: 16px; resize: none; }
.agree { font-size: 15px; } .agree label { grid-template-columns: auto 1fr; align-items: start; gap: 8px; } .agree input { width: 24px; height: 24px; accent-color: var(--brand-accent); }
.hint, .fault { margin: 0; font-size: 14px; color: var(--soft); } .fault { color: var(--bad); }
.files { display: flex; flex-wrap: wrap; gap: 4px 12px; width: 100%; overflow-wrap: anywhere; }
.hint svg, .plain svg, .text svg { width: 16px; height: 16px; margin-inline-end: 4px; vertical-align: -2px; }
.emojis { display: flex; flex-wrap: wrap; padding: 4px; border-top: 1px solid var(--line); }
.menu [aria-pressed=true]::after { content: " ✓"; }
.menu { display: grid; border-bottom: 1px solid var(--line); padding: 4px; }
.hide { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media (prefers-reduced-motion: no-preference) { .panel, .invite { animation: come 120ms ease-out; } @keyframes come { from { opacity: 0; translate: 0 8px; } } }
`;
